{# A table of pairs: what was asked, and the answer as text. #}
{% macro rows(pairs) %}
select * from (values
{%- for what, value in pairs %}
  ('{{ what | replace("'", "''") }}', '{{ value | string | replace("'", "''") }}'){{ ',' if not loop.last }}
{%- endfor %}
) as answers(what, answer)
{% endmacro %}

{% macro two_values() %}{{ return([1, 'two']) }}{% endmacro %}
{% macro text_of_two() %}{{ two_values() }} and more{% endmacro %}
{% macro pops_a_keyword() %}{% set was = kwargs.pop('a', none) %}{{ return([was, kwargs | length]) }}{% endmacro %}
{% macro counts_arguments() %}{{ return([varargs | length, kwargs | length]) }}{% endmacro %}
{% macro calls_back() %}<{{ caller(3) }}>{% endmacro %}
{% macro typed(a: int, b: list[str] = []) %}{{ return(a + (b | length)) }}{% endmacro %}
{% macro größe() %}{{ return('non-ascii') }}{% endmacro %}
{% macro greet(who) %}{{ return(adapter.dispatch('greet', 'surface')(who)) }}{% endmacro %}
{% macro default__greet(who) %}{{ return('default ' ~ who) }}{% endmacro %}
{% macro duckdb__greet(who) %}{{ return('duckdb ' ~ who) }}{% endmacro %}
{% macro plain(who) %}{{ return(adapter.dispatch('plain')(who)) }}{% endmacro %}
{% macro default__plain(who) %}{{ return('default ' ~ who) }}{% endmacro %}

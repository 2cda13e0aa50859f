{% macro log_the_run(word) %}
create table if not exists outside.runs (what varchar, results integer, good integer)
{% endmacro %}

{% macro dbt_utils_like(relation) %}{{ return(adapter.dispatch('dbt_utils_like')(relation)) }}{% endmacro %}
{% macro default__dbt_utils_like(relation) %}default{% endmacro %}
{% macro duckdb__dbt_utils_like(relation) %}{{ 'duckdb ' ~ (relation.include(database=false) | replace('"', '') if relation else '') }}{% endmacro %}

{% macro return_values() %}
  {% set values = [] %}
  {% for n in range(5) if n % 2 == 0 %}{% do values.append(n * n) %}{% endfor %}
  {{ return(values) }}
  {% do values.append('never') %}
{% endmacro %}

{#- overrides dbt's own, through dispatch -#}
{% macro default__length(expression) %}length({{ expression }}) + 0{% endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {%- if custom_alias_name -%}{{ custom_alias_name | trim }}
  {%- elif node.version -%}{{ node.name ~ '_version_' ~ (node.version | replace('.', '_')) }}
  {%- else -%}{{ node.name }}{%- endif -%}
{%- endmacro %}

{% macro double(column) %}{{ column }} * 2{% endmacro %}

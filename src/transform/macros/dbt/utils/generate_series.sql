{# generate_series: a column of the numbers from 1 to n, by crossing powers of two. #}

{% macro get_powers_of_two(upper_bound) %}
  {{ return(adapter.dispatch('get_powers_of_two', 'dbt')(upper_bound)) }}
{% endmacro %}

{# How many doublings reach the bound. #}
{% macro default__get_powers_of_two(upper_bound) %}
  {%- if upper_bound <= 0 -%}
    {%- do exceptions.raise_compiler_error('upper bound must be positive') -%}
  {%- endif -%}
  {%- for power in range(1, 100) if 2 ** power >= upper_bound -%}
    {{ return(power) }}
  {%- endfor -%}
{% endmacro %}

{% macro generate_series(upper_bound) %}
  {{ return(adapter.dispatch('generate_series', 'dbt')(upper_bound)) }}
{% endmacro %}

{% macro default__generate_series(upper_bound) %}
  {%- set n = get_powers_of_two(upper_bound) %}
    with p as (
        select 0 as generated_number union all select 1
    ),
    unioned as (
        select
            {% for i in range(n) -%}
            p{{ i }}.generated_number * power(2, {{ i }}){{ ' + ' if not loop.last }}
            {%- endfor %}
            + 1 as generated_number
        from
            {% for i in range(n) -%}
            p as p{{ i }}{{ ' cross join ' if not loop.last }}
            {%- endfor %}
    )
    select *
    from unioned
    where generated_number <= {{ upper_bound }}
    order by generated_number
{% endmacro %}

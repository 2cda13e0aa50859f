{# date: a date of its parts. #}

{% macro date(year, month, day) %}
  {{ return(adapter.dispatch('date', 'dbt')(year, month, day)) }}
{% endmacro %}

{% macro default__date(year, month, day) -%}
  {%- set text = '%04d-%02d-%02d' % (year | int, month | int, day | int) -%}
    to_date('{{ text }}', 'YYYY-MM-DD')
{%- endmacro %}

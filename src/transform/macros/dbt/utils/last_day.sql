{# last_day: the last day of the month, quarter, ... of a date. #}

{% macro last_day(date, datepart) %}
  {{ return(adapter.dispatch('last_day', 'dbt')(date, datepart)) }}
{% endmacro %}

{% macro default__last_day(date, datepart) -%}
    {{ return(default_last_day(date, datepart)) }}
{%- endmacro %}

{# The day before the next one's first. #}
{% macro default_last_day(date, datepart) -%}
    cast(
        {{ dateadd('day', '-1', dateadd(datepart, '1', date_trunc(datepart, date))) }}
        as date)
{%- endmacro %}

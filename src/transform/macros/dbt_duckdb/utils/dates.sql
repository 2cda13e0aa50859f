{# dates: dates and times in DuckDB. #}

{# An interval of DuckDB has no quarters; a week is seven days. #}
{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {%- set part = datepart | lower -%}
    {%- set unit = {'quarter': 'month', 'week': 'day'}.get(part, part) -%}
    {%- set count = {'quarter': ' * 3', 'week': ' * 7'}.get(part, '') -%}
    ({{ from_date_or_timestamp }} + (cast({{ interval }} as bigint){{ count }}) * interval 1 {{ unit }})
{%- endmacro %}

{# Weeks begin on Sunday, as dbt counts them; DuckDB's own begin on Monday. #}
{% macro duckdb__datediff(first_date, second_date, datepart) -%}
    {%- if datepart == 'week' -%}
    ({{ datediff(first_date, second_date, 'day') }} // 7
     + case
         when date_part('dow', ({{ first_date }})::timestamp) <= date_part('dow', ({{ second_date }})::timestamp)
           then case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
         when {{ first_date }} <= {{ second_date }} then 1
         else 0
       end)
    {%- else -%}
    (date_diff('{{ datepart }}', ({{ first_date }})::timestamp, ({{ second_date }})::timestamp))
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__date(year, month, day) -%}
    make_date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}

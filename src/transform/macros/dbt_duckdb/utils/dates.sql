{# dates: dates and times in DuckDB. #}

{# An interval of DuckDB has no quarters; a week is seven days. #}
{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) -%}
    {%- set part = datepart | lower -%}
    {%- set count = 'cast(' ~ interval ~ ' as bigint)' -%}
    {%- set sizes = {'quarter': [3, 'month'], 'week': [7, 'day']} -%}
    {%- if part in sizes -%}
    ({{ from_date_or_timestamp }} + ({{ count }} * {{ sizes[part][0] }}) * interval 1 {{ sizes[part][1] }})
    {%- else -%}
    ({{ from_date_or_timestamp }} + {{ count }} * interval 1 {{ part }})
    {%- endif -%}
{%- endmacro %}

{# Weeks begin on Sunday, as dbt counts them; DuckDB's own begin on Monday. #}
{% macro duckdb__datediff(first_date, second_date, datepart) -%}
    {%- if datepart == 'week' -%}
    ({{ datediff(first_date, second_date, 'day') }} // 7
     + case
         when date_part('dow', ({{ first_date }})::timestamp) <= date_part('dow', ({{ second_date }})::timestamp)
           then case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
         else case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
       end)
    {%- else -%}
    (date_diff('{{ datepart }}', {{ first_date }}::timestamp, {{ second_date }}::timestamp ))
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__date(year, month, day) -%}
    make_date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}

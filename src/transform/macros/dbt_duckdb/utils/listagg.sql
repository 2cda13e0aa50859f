{# listagg: string_agg, ordered and limited. #}

{% macro duckdb__listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}
    {%- if limit_num -%}
    list_aggr(
        (array_agg({{ measure }}{{ ' ' ~ order_by_clause if order_by_clause }}))[1:{{ limit_num }}],
        'string_agg',
        {{ delimiter_text }}
        )
    {%- else -%}
    string_agg(
        {{ measure }},
        {{ delimiter_text }}
        {{ order_by_clause or '' }}
        )
    {%- endif -%}
{%- endmacro %}

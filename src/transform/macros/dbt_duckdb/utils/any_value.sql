{# any_value: DuckDB's own any_value. #}

{% macro duckdb__any_value(expression) -%}
    arbitrary({{ expression }})
{%- endmacro %}

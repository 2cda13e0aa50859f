{# columns: the columns of a query as DuckDB describes them. #}

{% macro duckdb__get_columns_in_query(select_sql) %}
  {{ return(adapter.get_column_schema_from_query(select_sql) | map(attribute='name') | list) }}
{% endmacro %}

{% macro duckdb__validate_sql(sql) -%}
  {%- call statement('validate_sql') -%}
    explain {{ sql }}
  {%- endcall -%}
  {{ return(load_result('validate_sql')) }}
{% endmacro %}

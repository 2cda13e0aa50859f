{# columns: the columns of a query as DuckDB describes them. #}

{% macro duckdb__get_columns_in_query(select_sql) %}
  {{ return(adapter.describe_query(select_sql) | map(attribute='name') | list) }}
{% endmacro %}

{# DESCRIBE takes one query, so a header runs before it, for what it does to the session. #}
{% macro duckdb__get_empty_subquery_sql(select_sql, select_sql_header=none) %}
  {%- if select_sql_header -%}
    {%- do run_query(select_sql_header) -%}
  {%- endif -%}
  {{ default__get_empty_subquery_sql(select_sql) }}
{% endmacro %}

{% macro duckdb__validate_sql(sql) -%}
  {%- call statement('validate_sql') -%}
    explain {{ sql }}
  {%- endcall -%}
  {{ return(load_result('validate_sql')) }}
{% endmacro %}

{# seed: a CSV file into DuckDB: a new table in the old one's place, filled by the engine's own reader, which
   finds out by itself how values are quoted. #}

{% macro duckdb__get_binding_char() %}
  {{ return(adapter.get_binding_char()) }}
{% endmacro %}

{% macro duckdb__get_batch_size() %}
  {{ return(10000) }}
{% endmacro %}

{# Deleting and inserting in one transaction fails under a unique index; a new table does not. The drop opens the
   transaction that the new table belongs to: adapter.drop_relation() would be one of its own. #}
{% macro duckdb__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
  {%- call statement('drop_old_seed') -%}
    drop table if exists {{ old_relation.render() }} cascade
  {%- endcall -%}
  {{ return(create_csv_table(model, agate_table)) }}
{% endmacro %}

{% macro duckdb__load_csv_rows(model, agate_table) %}
  {%- if not config.get('fast', true) -%}
    {{ return(insert_seed_rows(this, model, agate_table)) }}
  {%- endif -%}
  {%- set sql -%}
    copy {{ this }} from '{{ escape_single_quotes(adapter.get_seed_file_path(model)) }}'
    (format csv, header true, delimiter '{{ config.get('delimiter', ',') }}')
  {%- endset -%}
  {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
  {{ return(sql) }}
{% endmacro %}

{# snapshot_helper: writing a snapshot's changes with an update and an insert. #}

{% macro duckdb__snapshot_merge_sql(target, source, insert_cols) -%}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
  {%- set csv = insert_cols | join(', ') -%}
    update {{ target }} as DBT_INTERNAL_TARGET
    set {{ columns.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ columns.dbt_valid_to }}
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.{{ columns.dbt_scd_id }}::text = DBT_INTERNAL_TARGET.{{ columns.dbt_scd_id }}::text
      and DBT_INTERNAL_SOURCE.dbt_change_type::text in ('update'::text, 'delete'::text)
      and {{ snapshot_row_is_current('DBT_INTERNAL_TARGET', columns) }};

    insert into {{ target }} ({{ csv }})
    select {{ csv }}
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.dbt_change_type::text = 'insert'::text;
{%- endmacro %}

{% macro duckdb__post_snapshot(staging_relation) %}
  {%- do drop_relation_if_exists(staging_relation) -%}
{% endmacro %}

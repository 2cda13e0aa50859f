{# snapshot_merge: writes the staged changes into the snapshot. #}

{% macro snapshot_merge_sql(target, source, insert_cols) -%}
  {{ adapter.dispatch('snapshot_merge_sql', 'dbt')(target, source, insert_cols) }}
{%- endmacro %}

{% macro default__snapshot_merge_sql(target, source, insert_cols) -%}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
  {%- set csv = insert_cols | join(', ') -%}
    merge into {{ target.render() }} as DBT_INTERNAL_DEST
    using {{ source }} as DBT_INTERNAL_SOURCE
    on DBT_INTERNAL_SOURCE.{{ columns.dbt_scd_id }} = DBT_INTERNAL_DEST.{{ columns.dbt_scd_id }}
    when matched
     and {{ snapshot_row_is_current('DBT_INTERNAL_DEST', columns) }}
     and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
    then update set {{ columns.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ columns.dbt_valid_to }}
    when not matched
     and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
    then insert ({{ csv }}) values ({{ csv }})
{% endmacro %}

{# Whether a version is the one in force. #}
{% macro snapshot_row_is_current(relation_alias, columns) -%}
  {%- set valid_to = relation_alias ~ '.' ~ columns.dbt_valid_to -%}
  {%- set current = config.get('dbt_valid_to_current') -%}
  {%- if current -%}
    ({{ valid_to }} = {{ current }} or {{ valid_to }} is null)
  {%- else -%}
    {{ valid_to }} is null
  {%- endif -%}
{%- endmacro %}

{# snapshot: keeps every version of a query's rows, with the time each was valid. #}

{% materialization snapshot, default %}
  {%- set target_table = model.get('alias', model.get('name')) -%}
  {%- set grant_config = config.get('grants') -%}
  {%- set target_relation_exists, target_relation = get_or_create_relation(
        database=model.database, schema=model.schema, identifier=target_table, type='table') -%}
  {%- if not target_relation.is_table -%}
    {%- do exceptions.relation_wrong_type(target_relation, 'table') -%}
  {%- endif -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  -- BEGIN
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set strategy_macro = strategy_dispatch(config.get('strategy')) -%}
  {%- set strategy = strategy_macro(model, 'snapshotted_data', 'source_data', model['config'], target_relation_exists) -%}
  {%- set staging_table = none -%}
  {%- if not target_relation_exists -%}
    {%- set build_sql = build_snapshot_table(strategy, model['compiled_code']) -%}
    {%- do check_time_data_types(build_sql) -%}
    {%- set final_sql = create_table_as(False, target_relation, build_sql) -%}
  {%- else -%}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
    {%- do adapter.assert_valid_snapshot_target_given_strategy(target_relation, columns, strategy) -%}
    {%- do check_time_data_types(model['compiled_code']) -%}
    {%- set staging_table = build_snapshot_staging_table(strategy, sql, target_relation) -%}
    {%- do adapter.expand_target_column_types(from_relation=staging_table, to_relation=target_relation) -%}
    {%- set helper_columns = ['dbt_change_type', 'dbt_unique_key'] -%}
    {%- if strategy.unique_key is not string -%}
      {%- for key in strategy.unique_key -%}
        {%- do helper_columns.append('dbt_unique_key_' ~ loop.index) -%}
      {%- endfor -%}
    {%- endif -%}
    {%- set missing_columns = [] -%}
    {%- for column in adapter.get_missing_columns(staging_table, target_relation) if column.name | lower not in helper_columns -%}
      {%- do missing_columns.append(column) -%}
    {%- endfor -%}
    {%- do create_columns(target_relation, missing_columns) -%}
    {%- set written = [] -%}
    {%- for column in adapter.get_columns_in_relation(staging_table) if column.name | lower not in helper_columns -%}
      {%- do written.append(adapter.quote(column.name)) -%}
    {%- endfor -%}
    {%- set final_sql = snapshot_merge_sql(target=target_relation, source=staging_table, insert_cols=written) -%}
  {%- endif %}

  {% call statement('main') -%}
    {{ final_sql }}
  {%- endcall %}

  {%- do apply_grants(target_relation, grant_config, should_revoke=should_revoke(target_relation_exists, full_refresh_mode=False)) -%}
  {%- do persist_docs(target_relation, model) -%}
  {%- if not target_relation_exists -%}
    {%- do create_indexes(target_relation) -%}
  {%- endif -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {%- if staging_table is not none -%}
    {%- do post_snapshot(staging_table) -%}
  {%- endif %}
  -- COMMIT
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

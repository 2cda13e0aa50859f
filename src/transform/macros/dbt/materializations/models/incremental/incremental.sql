{# incremental: the whole table the first time and on full refresh, new rows by the chosen strategy after that. #}

{% materialization incremental, default, supported_languages=['sql', 'python'] -%}
  {%- set language = model['language'] -%}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set temp_relation = make_temp_relation(target_relation) -%}
  {%- set intermediate_relation = make_intermediate_relation(target_relation) -%}
  {%- set backup_relation = make_backup_relation(target_relation, 'table' if existing_relation is none else existing_relation.type) -%}
  {%- set unique_key = config.get('unique_key') -%}
  {%- set full_refresh_mode = should_full_refresh() or (existing_relation is not none and existing_relation.is_view) -%}
  {%- set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
  {%- set grant_config = config.get('grants') -%}
  -- what an earlier run may have left
  {{ drop_relation_if_exists(load_cached_relation(intermediate_relation)) }}
  {{ drop_relation_if_exists(load_cached_relation(backup_relation)) }}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  -- BEGIN
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set swap = false -%}
  {%- set set_aside = [] -%}
  {%- if existing_relation is none -%}
    {%- set build_sql = create_table_in(language, False, target_relation, sql) -%}
  {%- elif full_refresh_mode and must_build_in_place() -%}
    {%- set set_aside = drop_to_build_in_place(existing_relation) -%}
    {%- set build_sql = create_table_in(language, False, target_relation, sql) -%}
  {%- elif full_refresh_mode -%}
    {%- set build_sql = create_table_in(language, False, intermediate_relation, sql) -%}
    {%- set swap = true -%}
  {%- else -%}
    {%- if language == 'sql' -%}
      {%- do run_query(get_create_table_as_sql(True, temp_relation, sql)) -%}
    {%- else -%}
      {%- call statement('pre', language=language) -%}
        {{ create_table_as(True, temp_relation, sql, language) }}
      {%- endcall -%}
      {#- what the model gave is a table now -#}
      {%- set language = 'sql' -%}
    {%- endif -%}
    {%- set contract = config.get('contract') -%}
    {%- if not contract or not contract.enforced -%}
      {%- do adapter.expand_target_column_types(from_relation=temp_relation, to_relation=target_relation) -%}
    {%- endif -%}
    {%- set dest_columns = process_schema_changes(on_schema_change, temp_relation, existing_relation)
                           or adapter.get_columns_in_relation(existing_relation) -%}
    {%- set strategy = config.get('incremental_strategy') or 'default' -%}
    {%- set strategy_sql = adapter.get_incremental_strategy_macro(context, strategy) -%}
    {%- set build_sql = strategy_sql({
          'target_relation': target_relation,
          'temp_relation': temp_relation,
          'unique_key': unique_key,
          'dest_columns': dest_columns,
          'incremental_predicates': config.get('predicates', none) or config.get('incremental_predicates', none),
        }) -%}
  {%- endif %}

  {% call statement('main', language=language) -%}
    {{ build_sql }}
  {%- endcall %}

  {% if swap -%}
    {%- set set_aside = set_dependents_aside(existing_relation) -%}
    {{ adapter.rename_relation(existing_relation, backup_relation) }}
    {{ adapter.rename_relation(intermediate_relation, target_relation) }}
  {%- endif %}
  {% do put_dependents_back(set_aside) %}
  {% do apply_grants(target_relation, grant_config, should_revoke=should_revoke(existing_relation, full_refresh_mode)) %}
  {% do persist_docs(target_relation, model) %}
  {% if existing_relation is none or full_refresh_mode -%}
    {% do create_indexes(target_relation) %}
  {%- endif %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {#- in the same transaction: a kill leaves the old one or the new one, and nothing beside it #}
  {% if swap -%}{{ drop_relation_if_exists(backup_relation) }}{%- endif %}
  {% if existing_relation is not none and not full_refresh_mode -%}{{ drop_relation_if_exists(temp_relation) }}{%- endif %}
  -- COMMIT
  {{ adapter.commit() }}

  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}

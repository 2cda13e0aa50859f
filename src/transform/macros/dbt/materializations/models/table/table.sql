{# table: builds the new table beside the old one, then swaps them. #}

{% materialization table, default, supported_languages=['sql', 'python'] %}
  {%- set language = model['language'] -%}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set intermediate_relation = make_intermediate_relation(target_relation) -%}
  {%- set backup_relation = make_backup_relation(target_relation, 'table' if existing_relation is none else existing_relation.type) -%}
  {%- set grant_config = config.get('grants') -%}
  -- what an earlier run may have left
  {{ drop_relation_if_exists(load_cached_relation(intermediate_relation)) }}
  {{ drop_relation_if_exists(load_cached_relation(backup_relation)) }}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  -- BEGIN
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {% if existing_relation is not none -%}
    {%- set existing_relation = load_cached_relation(existing_relation) -%}
  {%- endif -%}
  {%- set in_place = must_build_in_place() -%}
  {%- set set_aside = drop_to_build_in_place(existing_relation) if in_place else [] -%}
  {%- call statement('main', language=language) -%}
    {{ create_table_in(language, False, target_relation if in_place else intermediate_relation, sql) }}
  {%- endcall %}
  {% if not in_place -%}
    {%- if existing_relation is not none -%}
      {%- set set_aside = set_dependents_aside(existing_relation) -%}
      {{ adapter.rename_relation(existing_relation, backup_relation) }}
    {%- endif -%}
    {{ adapter.rename_relation(intermediate_relation, target_relation) }}
  {%- endif %}
  {% do put_dependents_back(set_aside) %}
  {% do create_indexes(target_relation) %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do apply_grants(target_relation, grant_config, should_revoke=should_revoke(existing_relation, full_refresh_mode=True)) %}
  {% do persist_docs(target_relation, model) %}
  {#- in the same transaction: a kill leaves the old one or the new one, and nothing beside it #}
  {% if existing_relation is not none and not in_place -%}{{ drop_relation_if_exists(backup_relation) }}{%- endif %}
  -- COMMIT
  {{ adapter.commit() }}

  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

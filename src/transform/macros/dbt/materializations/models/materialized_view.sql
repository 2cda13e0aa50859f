{# materialized_view: for warehouses that have them; each step is a macro that says so where there are none. #}

{% materialization materialized_view, default %}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='materialized_view') -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {%- set build_sql -%}
    {%- if existing_relation is none -%}
      {{ get_create_materialized_view_as_sql(target_relation, sql) }}
    {%- elif should_full_refresh() or not existing_relation.is_materialized_view -%}
      {{ get_replace_sql(existing_relation, target_relation, sql) }}
    {%- else -%}
      {{ refresh_materialized_view(target_relation) }}
    {%- endif -%}
  {%- endset -%}
  {% call statement('main') -%}
    {{ build_sql }}
  {%- endcall %}
  {% do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing_relation, full_refresh_mode=True)) %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

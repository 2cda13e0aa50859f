{# replace: a view in the place of whatever is there, in one statement. #}

{%- macro get_replace_view_sql(relation, sql) -%}
  {{- adapter.dispatch('get_replace_view_sql', 'dbt')(relation, sql) -}}
{%- endmacro -%}

{%- macro default__get_replace_view_sql(relation, sql) -%}
  {%- do exceptions.raise_not_implemented('get_replace_view_sql is not defined for adapter ' ~ adapter.type()) -%}
{%- endmacro -%}

{# For warehouses that can say `create or replace view`: a materialization of its own may call it. #}
{% macro create_or_replace_view() %}
  {%- set target_relation = this.incorporate(type='view') -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- set grant_config = config.get('grants') -%}
  {{ run_hooks(pre_hooks) }}
  {%- if existing is not none and not existing.is_view -%}
    {%- do handle_existing_table(should_full_refresh(), existing) -%}
  {%- endif -%}
  {%- call statement('main') -%}
    {{ get_create_view_as_sql(target_relation, sql) }}
  {%- endcall -%}
  {%- do apply_grants(target_relation, grant_config, should_revoke=should_revoke(existing, full_refresh_mode=True)) -%}
  {{ run_hooks(post_hooks) }}
  {{ return({'relations': [target_relation]}) }}
{% endmacro %}

{% macro handle_existing_table(full_refresh, old_relation) %}
  {{ adapter.dispatch('handle_existing_table', 'dbt')(full_refresh, old_relation) }}
{% endmacro %}

{% macro default__handle_existing_table(full_refresh, old_relation) %}
  {{ log('Dropping ' ~ old_relation.render() ~ ': it is a ' ~ old_relation.type) }}
  {{ adapter.drop_relation(old_relation) }}
{% endmacro %}

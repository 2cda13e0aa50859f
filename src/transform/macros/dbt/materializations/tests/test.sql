{# test: counts the rows that a test's query finds, and keeps them where that is wanted. #}

{%- materialization test, default -%}
  {%- set relations = [] -%}
  {%- set limit = config.get('limit') -%}
  {%- set main_sql = get_limit_subquery_sql(sql, limit) -%}
  {%- if should_store_failures() -%}
    {%- set identifier = model['alias'] -%}
    {%- set kind = config.get('store_failures_as') or 'table' -%}
    {%- if kind not in ['table', 'view'] -%}
      {%- do exceptions.raise_compiler_error("store_failures_as is 'table' or 'view', not '" ~ kind ~ "'") -%}
    {%- endif -%}
    {%- set old_relation = adapter.get_relation(database=database, schema=schema, identifier=identifier) -%}
    {%- set target_relation = api.Relation.create(identifier=identifier, schema=schema, database=database, type=kind) -%}
    {%- call statement('store_failures', auto_begin=True) -%}
      {%- if old_relation -%}{{ get_drop_sql(old_relation) }};{%- endif %}
      {{ get_create_sql(target_relation, main_sql) }}
    {%- endcall -%}
    {%- do adapter.cache_added(target_relation) -%}
    {%- do relations.append(target_relation) -%}
    {%- set main_sql = 'select * from ' ~ target_relation -%}
  {%- endif -%}

  {%- call statement('main', fetch_result=True) -%}
    {{ get_test_sql(main_sql, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), none) }}
  {%- endcall -%}
  {{ adapter.commit() }}
  {{ return({'relations': relations}) }}
{%- endmaterialization -%}

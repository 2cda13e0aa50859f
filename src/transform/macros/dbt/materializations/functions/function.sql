{# function: a function that SQL can call, made anew each time. #}

{% materialization function, default, supported_languages=['sql', 'python', 'javascript'] %}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='function') -%}
  {{ run_hooks(pre_hooks) }}
  {#- the name is put together, so that it is no call to look up beforehand -#}
  {%- set build = adapter.dispatch -%}
  {%- set build_sql = build(model.config.type ~ '_function_' ~ model.language, 'dbt')(target_relation) -%}
  {{ function_execute_build_sql(build_sql, existing_relation, target_relation) }}
  {{ run_hooks(post_hooks) }}
  {{ return({'relations': []}) }}
{% endmaterialization %}

{% macro function_execute_build_sql(build_sql, existing_relation, target_relation) %}
  {{ return(adapter.dispatch('function_execute_build_sql', 'dbt')(build_sql, existing_relation, target_relation)) }}
{% endmacro %}

{% macro default__function_execute_build_sql(build_sql, existing_relation, target_relation) %}
  {% call statement('main') -%}
    {{ build_sql }}
  {%- endcall %}
  {% do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing_relation, full_refresh_mode=True)) %}
  {% do persist_docs(target_relation, model) %}
  {{ adapter.commit() }}
{% endmacro %}

{% macro unsupported_volatility_warning(volatility) %}
  {{ return(adapter.dispatch('unsupported_volatility_warning', 'dbt')(volatility)) }}
{% endmacro %}

{% macro default__unsupported_volatility_warning(volatility) %}
  {%- do exceptions.warn('Found `' ~ volatility ~ '` volatility specified on function `' ~ model.name
                         ~ '`. This volatility is not supported by ' ~ adapter.type() ~ ', and will be ignored') -%}
{% endmacro %}

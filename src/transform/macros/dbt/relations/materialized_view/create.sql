{# create: for warehouses that have materialized views. #}

{% macro get_create_materialized_view_as_sql(relation, sql) -%}
  {{- adapter.dispatch('get_create_materialized_view_as_sql', 'dbt')(relation, sql) -}}
{%- endmacro %}

{% macro default__get_create_materialized_view_as_sql(relation, sql) -%}
  {%- do exceptions.raise_compiler_error('get_create_materialized_view_as_sql is not defined for adapter ' ~ adapter.type() ~ ': it has no materialized views') -%}
{%- endmacro %}

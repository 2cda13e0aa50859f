{# alter: for warehouses that have materialized views. #}

{% macro get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -%}
  {{- adapter.dispatch('get_alter_materialized_view_as_sql', 'dbt')(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -}}
{%- endmacro %}

{% macro default__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -%}
  {%- do exceptions.raise_compiler_error('get_alter_materialized_view_as_sql is not defined for adapter ' ~ adapter.type() ~ ': it has no materialized views') -%}
{%- endmacro %}

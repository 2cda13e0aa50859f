{# refresh: for warehouses that have materialized views. #}

{% macro refresh_materialized_view(relation) -%}
  {{- adapter.dispatch('refresh_materialized_view', 'dbt')(relation) -}}
{%- endmacro %}

{% macro default__refresh_materialized_view(relation) -%}
  {%- do exceptions.raise_compiler_error('refresh_materialized_view is not defined for adapter ' ~ adapter.type() ~ ': it has no materialized views') -%}
{%- endmacro %}

{# drop: for warehouses that have materialized views. #}

{% macro drop_materialized_view(relation) -%}
  {{- adapter.dispatch('drop_materialized_view', 'dbt')(relation) -}}
{%- endmacro %}

{% macro default__drop_materialized_view(relation) -%}
  {%- do exceptions.raise_compiler_error('drop_materialized_view is not defined for adapter ' ~ adapter.type() ~ ': it has no materialized views') -%}
{%- endmacro %}

{#- Schemas are named after the layer alone: staging, core, marts; not main_staging as dbt would. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}

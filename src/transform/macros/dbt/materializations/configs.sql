{# configs: what the configuration and the flags say together. #}

{% macro set_sql_header(config) -%}
  {{ config.set('sql_header', caller()) }}
{%- endmacro %}

{# The resource's own `full_refresh` before --full-refresh. #}
{% macro should_full_refresh() %}
  {%- set configured = config.get('full_refresh') -%}
  {%- do return(flags.FULL_REFRESH if configured is none else configured) -%}
{% endmacro %}

{% macro should_store_failures() %}
  {%- set configured = config.get('store_failures') -%}
  {%- do return(flags.STORE_FAILURES if configured is none else configured) -%}
{% endmacro %}

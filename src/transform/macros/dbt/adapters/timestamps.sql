{# timestamps: what "now" is in SQL. #}

{%- macro current_timestamp() -%}
  {{ adapter.dispatch('current_timestamp', 'dbt')() }}
{%- endmacro -%}

{% macro default__current_timestamp() -%}
  {%- do exceptions.raise_not_implemented('current_timestamp is not defined for adapter ' ~ adapter.type()) -%}
{%- endmacro %}

{%- macro snapshot_get_time() -%}
  {{ adapter.dispatch('snapshot_get_time', 'dbt')() }}
{%- endmacro -%}

{% macro default__snapshot_get_time() %}
  {{ current_timestamp() }}
{% endmacro %}

{% macro get_snapshot_get_time_data_type() %}
  {%- do return(adapter.dispatch('get_snapshot_get_time_data_type', 'dbt')()) -%}
{% endmacro %}

{% macro default__get_snapshot_get_time_data_type() %}
  {%- set columns = get_column_schema_from_query('select ' ~ snapshot_get_time() ~ ' as snapshot_time') -%}
  {%- do return(columns[0].dtype) -%}
{% endmacro %}

{% macro current_timestamp_backcompat() %}
  {{ return(adapter.dispatch('current_timestamp_backcompat', 'dbt')()) }}
{% endmacro %}

{% macro default__current_timestamp_backcompat() %}
  current_timestamp::timestamp
{% endmacro %}

{% macro current_timestamp_in_utc_backcompat() %}
  {{ return(adapter.dispatch('current_timestamp_in_utc_backcompat', 'dbt')()) }}
{% endmacro %}

{% macro default__current_timestamp_in_utc_backcompat() %}
  {{ return(adapter.dispatch('current_timestamp_backcompat', 'dbt')()) }}
{% endmacro %}

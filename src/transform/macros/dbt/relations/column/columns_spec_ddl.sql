{# columns_spec_ddl: the declared columns and constraints of a model as DDL, and the check that its SQL keeps to them. #}

{%- macro get_table_columns_and_constraints() -%}
  {{ adapter.dispatch('get_table_columns_and_constraints', 'dbt')() }}
{%- endmacro -%}

{% macro default__get_table_columns_and_constraints() -%}
  {{ return(table_columns_and_constraints()) }}
{%- endmacro %}

{% macro table_columns_and_constraints() %}
  {%- set lines = adapter.render_raw_columns_constraints(raw_columns=model['columns'])
                + adapter.render_raw_model_constraints(raw_constraints=model['constraints']) %}
    (
    {{ lines | join(',\n    ') }}
    )
{% endmacro %}

{%- macro get_assert_columns_equivalent(sql) -%}
  {{ adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql) }}
{%- endmacro -%}

{% macro default__get_assert_columns_equivalent(sql) -%}
  {{ return(assert_columns_equivalent(sql)) }}
{%- endmacro %}

{# Fails where the query's columns are not those of the contract, in names or types; the order does not matter. #}
{% macro assert_columns_equivalent(sql) %}
  {%- set declared = model['columns'] -%}
  {%- if not declared -%}
    {%- do exceptions.raise_contract_error([], []) -%}
  {%- endif -%}
  {%- set given = format_columns(get_column_schema_from_query(sql, config.get('sql_header', none))) -%}
  {%- set expected = format_columns(get_column_schema_from_query(get_empty_schema_sql(declared))) -%}
  {%- set types = {} -%}
  {%- for column in given -%}
    {%- do types.update({column['name'] | lower: column['data_type']}) -%}
  {%- endfor -%}
  {%- for column in expected if types.pop(column['name'] | lower, none) != column['data_type'] -%}
    {%- do exceptions.raise_contract_error(expected, given) -%}
  {%- endfor -%}
  {%- if types -%}
    {%- do exceptions.raise_contract_error(expected, given) -%}
  {%- endif -%}
{% endmacro %}

{% macro format_columns(columns) %}
  {%- set formatted = [] -%}
  {%- for column in columns -%}
    {%- do formatted.append(format_column(column)) -%}
  {%- endfor -%}
  {{ return(formatted) }}
{% endmacro %}

{% macro format_column(column) -%}
  {{ return(adapter.dispatch('format_column', 'dbt')(column)) }}
{%- endmacro %}

{% macro default__format_column(column) -%}
  {{ return({'name': column.name, 'data_type': column.dtype, 'formatted': column.column ~ ' ' ~ column.dtype}) }}
{%- endmacro %}

{# helpers: the statements that turn a seed's rows into a table. #}

{% macro create_csv_table(model, agate_table) -%}
  {{ adapter.dispatch('create_csv_table', 'dbt')(model, agate_table) }}
{%- endmacro %}

{% macro default__create_csv_table(model, agate_table) %}
  {%- set sql = seed_table_sql(this, model, agate_table) -%}
  {%- call statement('_') -%}
    {{ sql }}
  {%- endcall -%}
  {{ return(sql) }}
{% endmacro %}

{# The DDL of a seed's table: declared types before those that its values suggest. #}
{% macro seed_table_sql(relation, model, agate_table) %}
  {%- set declared = model['config'].get('column_types', {}) -%}
  {%- set quoting = model['config'].get('quote_columns', none) %}
  create table {{ relation.render() }} (
    {%- for name in agate_table.column_names -%}
      {{ adapter.quote_seed_column(name | string, quoting) }} {{ declared.get(name, adapter.convert_type(agate_table, loop.index0)) }}
      {{- ', ' if not loop.last -}}
    {%- endfor -%}
  )
{% endmacro %}

{% macro reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
  {{ adapter.dispatch('reset_csv_table', 'dbt')(model, full_refresh, old_relation, agate_table) }}
{%- endmacro %}

{% macro default__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
  {%- if full_refresh -%}
    {{ adapter.drop_relation(old_relation) }}
    {{ return(create_csv_table(model, agate_table)) }}
  {%- endif -%}
  {{ adapter.truncate_relation(old_relation) }}
  {{ return('truncate table ' ~ old_relation.render()) }}
{% endmacro %}

{% macro get_csv_sql(create_or_truncate_sql, insert_sql) %}
  {{ adapter.dispatch('get_csv_sql', 'dbt')(create_or_truncate_sql, insert_sql) }}
{% endmacro %}

{% macro default__get_csv_sql(create_or_truncate_sql, insert_sql) %}
    {{ create_or_truncate_sql }};
    -- dbt seed --
    {{ insert_sql }}
{% endmacro %}

{# How a parameter is written in an insert. #}
{% macro get_binding_char() -%}
  {{ adapter.dispatch('get_binding_char', 'dbt')() }}
{%- endmacro %}

{% macro default__get_binding_char() %}
  {{ return('%s') }}
{% endmacro %}

{% macro get_batch_size() -%}
  {{ return(adapter.dispatch('get_batch_size', 'dbt')()) }}
{%- endmacro %}

{% macro default__get_batch_size() %}
  {{ return(10000) }}
{% endmacro %}

{% macro get_seed_column_quoted_csv(model, column_names) %}
  {%- set quoting = model['config'].get('quote_columns', none) -%}
  {%- set quoted = [] -%}
  {%- for name in column_names -%}
    {%- do quoted.append(adapter.quote_seed_column(name, quoting)) -%}
  {%- endfor -%}
  {{ return(quoted | join(', ')) }}
{% endmacro %}

{% macro load_csv_rows(model, agate_table) -%}
  {{ adapter.dispatch('load_csv_rows', 'dbt')(model, agate_table) }}
{%- endmacro %}

{% macro default__load_csv_rows(model, agate_table) %}
  {{ return(insert_seed_rows(this, model, agate_table)) }}
{% endmacro %}

{# The SQL of the first batch is what is shown; the values are bound, never written into it. #}
{% macro insert_seed_rows(relation, model, agate_table) %}
  {%- set columns = get_seed_column_quoted_csv(model, agate_table.column_names) -%}
  {%- set shown = [] -%}
  {%- for chunk in agate_table.rows | batch(get_batch_size()) -%}
    {%- set bindings = [] -%}
    {%- for row in chunk -%}
      {%- do bindings.extend(row) -%}
    {%- endfor -%}
    {%- set sql -%}
      insert into {{ relation.render() }} ({{ columns }}) values
      {% for row in chunk -%}
        (
        {%- for column in agate_table.column_names -%}
          {{ get_binding_char() }}{{ ',' if not loop.last }}
        {%- endfor -%}
        ){{ ',' if not loop.last }}
      {%- endfor %}
    {%- endset -%}
    {%- do adapter.add_query(sql, bindings=bindings, abridge_sql_log=True) -%}
    {%- if loop.first -%}
      {%- do shown.append(sql) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(shown[0] if shown else '') }}
{% endmacro %}

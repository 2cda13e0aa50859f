{# get_fixture_sql: made-up rows as a query, typed as the relation they stand for. #}

{% macro get_fixture_sql(rows, column_name_to_data_types) -%}
  {%- set types = column_name_to_data_types -%}
  {%- if not types -%}
    {%- set types = {} -%}
    {%- set columns = adapter.get_columns_in_relation(load_relation(this) or defer_relation) if (load_relation(this) or defer_relation) else [] -%}
    {%- if not columns -%}
      {%- do exceptions.raise_compiler_error('the columns of ' ~ this ~ " are not known, so its rows cannot be typed: build it first (run --empty), or give the input as format: sql") -%}
    {%- endif -%}
    {%- for column in columns -%}
      {%- do types.update({column.name | lower: column.dtype}) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- set empty = {} -%}
  {%- for name, type in types.items() -%}
    {%- do empty.update({name: safe_cast('null', type) | trim}) -%}
  {%- endfor -%}
  {%- set queries = [] -%}
  {%- for row in rows or [] -%}
    {%- set values = empty.copy() -%}
    {%- do values.update(format_row(row, types)) -%}
    {%- do queries.append(_fixture_row_sql(values)) -%}
  {%- endfor -%}
  {%- if queries -%}
    {{ queries | join('\nunion all\n') }}
  {%- else -%}
    {{ _fixture_row_sql(empty) }}
    limit 0
  {%- endif -%}
{%- endmacro %}

{% macro get_expected_sql(rows, column_name_to_data_types, column_name_quoted=none) -%}
  {%- if not rows -%}
    select * from dbt_internal_unit_test_actual
    limit 0
  {%- else -%}
    {%- set queries = [] -%}
    {%- for row in rows -%}
      {%- do queries.append(_fixture_row_sql(format_row(row, column_name_to_data_types))) -%}
    {%- endfor -%}
    {{ queries | join('\nunion all\n') }}
  {%- endif -%}
{%- endmacro %}

{% macro _fixture_row_sql(values) -%}
  select {% for name, value in values.items() -%}
    {{ value }} as {{ adapter.quote(name) }}{{ ', ' if not loop.last }}
  {%- endfor %}
{%- endmacro %}

{# The values of a row as SQL, each cast to its column's type. #}
{%- macro format_row(row, column_name_to_data_types) -%}
  {%- set formatted = {} -%}
  {%- for name, value in row.items() -%}
    {%- set type = column_name_to_data_types.get(name | lower, column_name_to_data_types.get(name)) -%}
    {%- if type is none -%}
      {%- do exceptions.raise_compiler_error("a row names '" ~ name ~ "', which is no column of its relation; the columns are: "
            ~ column_name_to_data_types.keys() | join(', ')) -%}
    {%- endif -%}
    {%- if value is none -%}
      {%- set sql = 'null' -%}
    {%- elif value is string -%}
      {%- set sql = string_literal(escape_single_quotes(value)) -%}
    {%- elif value is boolean -%}
      {%- set sql = 'true' if value else 'false' -%}
    {%- else -%}
      {%- set sql = value | string -%}
    {%- endif -%}
    {%- do formatted.update({name | lower: safe_cast(sql, type) | trim}) -%}
  {%- endfor -%}
  {{ return(formatted) }}
{%- endmacro -%}

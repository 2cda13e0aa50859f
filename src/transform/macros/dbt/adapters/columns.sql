{# columns: which columns a relation or a query has, and changing them. #}

{% macro get_columns_in_relation(relation) -%}
  {{ return(adapter.dispatch('get_columns_in_relation', 'dbt')(relation)) }}
{% endmacro %}

{% macro default__get_columns_in_relation(relation) -%}
  {%- do exceptions.raise_not_implemented('get_columns_in_relation is not defined for adapter ' ~ adapter.type()) -%}
{% endmacro %}

{# Rows of (name, type, length, precision, scale) become column objects. #}
{% macro sql_convert_columns_in_relation(table) -%}
  {%- set columns = [] -%}
  {%- for row in table -%}
    {%- do columns.append(api.Column(*row)) -%}
  {%- endfor -%}
  {{ return(columns) }}
{% endmacro %}

{% macro get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
  {{ return(adapter.dispatch('get_empty_subquery_sql', 'dbt')(select_sql, select_sql_header)) }}
{% endmacro %}

{# No row of a query, but its columns. #}
{% macro default__get_empty_subquery_sql(select_sql, select_sql_header=none) %}
    {%- if select_sql_header is not none -%}
    {{ select_sql_header }}
    {%- endif %}
    select * from (
        {{ select_sql }}
    ) as __dbt_sbq
    where false
    limit 0
{% endmacro %}

{% macro get_empty_schema_sql(columns) -%}
  {{ return(adapter.dispatch('get_empty_schema_sql', 'dbt')(columns)) }}
{% endmacro %}

{# A query without rows whose columns are those that the properties declare. #}
{% macro default__get_empty_schema_sql(columns) %}
  {%- set untyped = [] -%}
  {%- set casts = [] -%}
  {%- for column in columns.values() -%}
    {%- if column.get('data_type') is none -%}
      {%- do untyped.append(column['name']) -%}
    {%- else -%}
      {%- set name = adapter.quote(column['name']) if column.get('quote') else column['name'] -%}
      {%- do casts.append(cast('null', column['data_type']) ~ ' as ' ~ name) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if untyped -%}
    {%- do exceptions.column_type_missing(column_names=untyped) -%}
  {%- endif -%}
  select {{ casts | join(', ') }}
{% endmacro %}

{% macro get_column_schema_from_query(select_sql, select_sql_header=none) -%}
  {%- do return(adapter.get_column_schema_from_query(get_empty_subquery_sql(select_sql, select_sql_header))) -%}
{% endmacro %}

{% macro get_columns_in_query(select_sql) -%}
  {{ return(adapter.dispatch('get_columns_in_query', 'dbt')(select_sql)) }}
{% endmacro %}

{% macro default__get_columns_in_query(select_sql) %}
  {%- call statement('get_columns_in_query', fetch_result=True, auto_begin=False) -%}
    {{ get_empty_subquery_sql(select_sql) }}
  {%- endcall -%}
  {{ return(load_result('get_columns_in_query').table.columns | map(attribute='name') | list) }}
{% endmacro %}

{% macro alter_column_type(relation, column_name, new_column_type) -%}
  {{ return(adapter.dispatch('alter_column_type', 'dbt')(relation, column_name, new_column_type)) }}
{% endmacro %}

{# For warehouses that cannot change a type in place: a new column takes the values over, then the name. #}
{% macro default__alter_column_type(relation, column_name, new_column_type) -%}
  {%- set interim = adapter.quote(column_name ~ '__dbt_alter') -%}
  {%- set column = adapter.quote(column_name) -%}
  {%- call statement('alter_column_type') %}
    alter table {{ relation }} add column {{ interim }} {{ new_column_type }};
    update {{ relation }} set {{ interim }} = {{ column }};
    alter table {{ relation }} drop column {{ column }} cascade;
    alter table {{ relation }} rename column {{ interim }} to {{ column }}
  {%- endcall -%}
{% endmacro %}

{% macro alter_relation_add_remove_columns(relation, add_columns=none, remove_columns=none) -%}
  {{ return(adapter.dispatch('alter_relation_add_remove_columns', 'dbt')(relation, add_columns, remove_columns)) }}
{% endmacro %}

{% macro default__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
  {%- set changes = [] -%}
  {%- for column in add_columns or [] -%}
    {%- do changes.append('add column ' ~ column.quoted ~ ' ' ~ column.expanded_data_type) -%}
  {%- endfor -%}
  {%- for column in remove_columns or [] -%}
    {%- do changes.append('drop column ' ~ column.quoted) -%}
  {%- endfor -%}
  {%- if changes -%}
    {%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation.render() ~ ' ' ~ changes | join(', ')) -%}
  {%- endif -%}
{% endmacro %}

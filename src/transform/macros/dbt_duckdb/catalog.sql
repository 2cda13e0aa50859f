{# catalog: what docs generate shows of the warehouse: a row a column, with its relation's kind and comments. #}

{% macro duckdb__get_catalog(information_schema, schemas) -%}
  {%- set wanted = [] -%}
  {%- for schema in schemas -%}
    {%- do wanted.append("lower(schema_name) = lower('" ~ schema ~ "')") -%}
  {%- endfor -%}
  {{ return(run_query(duckdb_catalog_sql(information_schema, wanted))) }}
{%- endmacro %}

{% macro duckdb__get_catalog_relations(information_schema, relations) -%}
  {%- set wanted = [] -%}
  {%- for relation in relations -%}
    {%- if not relation.schema -%}
      {%- do exceptions.raise_compiler_error('`get_catalog_relations` requires a list of relations, each with a schema') -%}
    {%- endif -%}
    {%- set condition = "lower(schema_name) = lower('" ~ relation.schema ~ "')" -%}
    {%- if relation.identifier -%}
      {%- set condition = condition ~ " and lower(table_name) = lower('" ~ relation.identifier ~ "')" -%}
    {%- endif -%}
    {%- do wanted.append(condition) -%}
  {%- endfor -%}
  {{ return(run_query(duckdb_catalog_sql(information_schema, wanted))) }}
{%- endmacro %}

{# The relations for which one of the conditions holds. #}
{% macro duckdb_catalog_sql(information_schema, conditions) %}
  with relations as (
    select database_name, schema_name, table_name, 'BASE TABLE' as table_type, comment from duckdb_tables()
    union all
    select database_name, schema_name, view_name, 'VIEW', comment from duckdb_views()
  )
  select
    relations.database_name as table_database,
    relations.schema_name as table_schema,
    relations.table_name,
    table_type,
    relations.comment as table_comment,
    column_name,
    column_index,
    data_type as column_type,
    columns.comment as column_comment,
    null as table_owner
  from relations
  join duckdb_columns() as columns using (database_name, schema_name, table_name)
  where lower(database_name) = lower('{{ information_schema.database }}')
    and ({{ conditions | join(') or (') if conditions else 'false' }})
  order by table_schema, table_name, column_index
{% endmacro %}

{# create: the SQL that makes a relation of any type. #}

{%- macro get_create_sql(relation, sql) -%}
  {{- adapter.dispatch('get_create_sql', 'dbt')(relation, sql) -}}
{%- endmacro -%}

{%- macro default__get_create_sql(relation, sql) -%}
  {%- if relation.is_view -%}
    {{ get_create_view_as_sql(relation, sql) }}
  {%- elif relation.is_table -%}
    {{ get_create_table_as_sql(False, relation, sql) }}
  {%- elif relation.is_materialized_view -%}
    {{ get_create_materialized_view_as_sql(relation, sql) }}
  {%- else -%}
    {%- do exceptions.raise_compiler_error('get_create_sql does not know how to make a ' ~ relation.type) -%}
  {%- endif -%}
{%- endmacro -%}

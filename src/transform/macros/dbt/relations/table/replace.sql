{# replace: a table in the place of the one that is there, in one statement. #}

{%- macro get_replace_table_sql(relation, sql) -%}
  {{- adapter.dispatch('get_replace_table_sql', 'dbt')(relation, sql) -}}
{%- endmacro -%}

{%- macro default__get_replace_table_sql(relation, sql) -%}
  {%- do exceptions.raise_not_implemented('get_replace_table_sql is not defined for adapter ' ~ adapter.type()) -%}
{%- endmacro -%}

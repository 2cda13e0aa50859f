{# create_intermediate: makes a relation under the name it has before it is swapped in. #}

{%- macro get_create_intermediate_sql(relation, sql) -%}
  {{- adapter.dispatch('get_create_intermediate_sql', 'dbt')(relation, sql) -}}
{%- endmacro -%}

{%- macro default__get_create_intermediate_sql(relation, sql) -%}
  {%- set intermediate = make_intermediate_relation(relation) -%}
  {{ get_drop_sql(intermediate) }};
  {{ get_create_sql(intermediate, sql) }}
{%- endmacro -%}

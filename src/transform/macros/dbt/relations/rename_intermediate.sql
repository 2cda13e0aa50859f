{# rename_intermediate: gives what create_intermediate made its own name. #}

{%- macro get_rename_intermediate_sql(relation) -%}
  {{- adapter.dispatch('get_rename_intermediate_sql', 'dbt')(relation) -}}
{%- endmacro -%}

{%- macro default__get_rename_intermediate_sql(relation) -%}
  {{ get_rename_sql(make_intermediate_relation(relation), relation.identifier) }}
{%- endmacro -%}

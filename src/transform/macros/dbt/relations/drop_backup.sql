{# drop_backup: removes what create_backup put aside. #}

{%- macro get_drop_backup_sql(relation) -%}
  {{- adapter.dispatch('get_drop_backup_sql', 'dbt')(relation) -}}
{%- endmacro -%}

{%- macro default__get_drop_backup_sql(relation) -%}
  {{ get_drop_sql(make_backup_relation(relation, relation.type)) }}
{%- endmacro -%}

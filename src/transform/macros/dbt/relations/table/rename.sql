{# rename: giving a table another name. #}

{%- macro get_rename_table_sql(relation, new_name) -%}
  {{- adapter.dispatch('get_rename_table_sql', 'dbt')(relation, new_name) -}}
{%- endmacro -%}

{%- macro default__get_rename_table_sql(relation, new_name) -%}
  alter table {{ relation.render() }} rename to {{ adapter.quote(new_name) }}
{%- endmacro -%}

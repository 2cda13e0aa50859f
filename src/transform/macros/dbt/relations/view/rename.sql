{# rename: giving a view another name. #}

{%- macro get_rename_view_sql(relation, new_name) -%}
  {{- adapter.dispatch('get_rename_view_sql', 'dbt')(relation, new_name) -}}
{%- endmacro -%}

{%- macro default__get_rename_view_sql(relation, new_name) -%}
  alter view {{ relation.render() }} rename to {{ adapter.quote(new_name) }}
{%- endmacro -%}

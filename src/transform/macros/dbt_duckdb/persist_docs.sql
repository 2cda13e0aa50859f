{# persist_docs: descriptions as DuckDB's comments. #}

{% macro duckdb__alter_relation_comment(relation, relation_comment) -%}
  comment on {{ relation.type }} {{ relation }} is {{ duckdb_comment(relation_comment) }};
{%- endmacro %}

{# Columns that the relation does not have are left out. #}
{% macro duckdb__alter_column_comment(relation, column_dict) -%}
  {%- set existing = adapter.get_columns_in_relation(relation) | map(attribute='name') | map('lower') | list -%}
  {%- for name, column in column_dict.items() if name | lower in existing and column.description %}
  comment on column {{ relation }}.{{ adapter.quote(name) }} is {{ duckdb_comment(column.description) }};
  {%- endfor -%}
{%- endmacro %}

{% macro duckdb_comment(text) -%}
  '{{ escape_single_quotes(text | string) }}'
{%- endmacro %}

{# persist_docs: descriptions as DuckDB's comments. #}

{% macro duckdb__alter_relation_comment(relation, relation_comment) -%}
  comment on {{ relation.type }} {{ relation }} is {{ duckdb_comment(relation_comment) }};
{%- endmacro %}

{# A view's columns are found by their exact spelling. #}
{% macro duckdb__alter_column_comment(relation, column_dict) -%}
  {%- set spelt = {} -%}
  {%- for column in adapter.get_columns_in_relation(relation) -%}
    {%- do spelt.update({column.name | lower: column.name}) -%}
  {%- endfor -%}
  {%- for name, column in column_dict.items() if column.description %}
  comment on column {{ relation }}.{{ adapter.quote(spelt.get(name | lower, name)) }} is {{ duckdb_comment(column.description) }};
  {%- endfor -%}
{%- endmacro %}

{% macro duckdb_comment(text) -%}
  '{{ escape_single_quotes(text | string) }}'
{%- endmacro %}

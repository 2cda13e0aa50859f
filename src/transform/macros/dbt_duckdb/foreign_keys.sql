{# foreign_keys: DuckDB keeps the name under which a table with a foreign key was made in the table it refers to, and neither
   drops nor renames a table that is referred to. So the first are made in place, and those that refer go before the second
   is replaced. Their rows stay readable under their name until this run builds them anew, with their constraints. #}

{% macro duckdb__must_build_in_place() %}
  {{ return('foreign_key' in adapter.key_constraints()) }}
{% endmacro %}

{% macro duckdb__set_dependents_aside(relation) %}
  {%- set keys = adapter.key_constraints() -%}
  {%- set set_aside = [] -%}
  {%- if relation.is_table and ('primary_key' in keys or 'unique' in keys) -%}
    {%- for dependent in adapter.foreign_key_dependents() -%}
      {%- set backup = make_backup_relation(dependent, 'table') -%}
      {%- do adapter.ensure_transaction() -%}
      {%- do adapter.drop_relation(backup) -%}
      {%- call statement('set_dependent_aside') -%}
        create table {{ backup }} as select * from {{ dependent }}
      {%- endcall -%}
      {%- do log(dependent ~ ' refers to ' ~ relation ~ ': without its constraints until this run builds it', info=true) -%}
      {%- do adapter.drop_relation(dependent) -%}
      {%- do set_aside.append({'relation': dependent, 'backup': backup}) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(set_aside) }}
{% endmacro %}

{# dependents: what replacing a table takes besides a rename, in a warehouse where other tables hold on to it. #}

{# Whether the new table has to be made under its own name, and the old one to be dropped before. #}
{% macro must_build_in_place() %}
  {{ return(adapter.dispatch('must_build_in_place', 'dbt')()) }}
{% endmacro %}

{% macro default__must_build_in_place() %}
  {{ return(false) }}
{% endmacro %}

{# Makes way for a relation's replacement; gives what put_dependents_back() is to put back. #}
{% macro set_dependents_aside(relation) %}
  {{ return(adapter.dispatch('set_dependents_aside', 'dbt')(relation)) }}
{% endmacro %}

{% macro default__set_dependents_aside(relation) %}
  {{ return([]) }}
{% endmacro %}

{% macro put_dependents_back(set_aside) %}
  {%- for item in set_aside | reverse -%}
    {%- do adapter.rename_relation(item['backup'], item['relation']) -%}
  {%- endfor -%}
{% endmacro %}

{# In the transaction that makes the new one, so that a failure leaves the old one. #}
{% macro drop_to_build_in_place(existing_relation) %}
  {%- if existing_relation is none -%}
    {{ return([]) }}
  {%- endif -%}
  {%- do adapter.ensure_transaction() -%}
  {%- set set_aside = set_dependents_aside(existing_relation) -%}
  {%- do adapter.drop_relation(existing_relation) -%}
  {{ return(set_aside) }}
{% endmacro %}

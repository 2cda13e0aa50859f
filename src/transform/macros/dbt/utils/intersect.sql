{# intersect: the set operation of that name. #}

{% macro intersect() %}
  {{ return(adapter.dispatch('intersect', 'dbt')()) }}
{% endmacro %}

{% macro default__intersect() -%}
    intersect

{%- endmacro %}

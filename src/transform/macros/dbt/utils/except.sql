{# except: the set operation of that name. #}

{% macro except() %}
  {{ return(adapter.dispatch('except', 'dbt')()) }}
{% endmacro %}

{% macro default__except() -%}
    except

{%- endmacro %}

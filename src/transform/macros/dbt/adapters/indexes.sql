{# indexes: making and dropping the indexes that a model's `indexes` config asks for. #}

{% macro get_create_index_sql(relation, index_dict) -%}
  {{ return(adapter.dispatch('get_create_index_sql', 'dbt')(relation, index_dict)) }}
{% endmacro %}

{% macro default__get_create_index_sql(relation, index_dict) -%}
  {% do return(none) %}
{% endmacro %}

{% macro create_indexes(relation) -%}
  {{ adapter.dispatch('create_indexes', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__create_indexes(relation) -%}
  {%- for wanted in config.get('indexes', default=[]) -%}
    {%- set sql = get_create_index_sql(relation, wanted) -%}
    {%- if sql -%}
      {%- do run_query(sql) -%}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}

{% macro get_drop_index_sql(relation, index_name) -%}
  {{ adapter.dispatch('get_drop_index_sql', 'dbt')(relation, index_name) }}
{%- endmacro %}

{% macro default__get_drop_index_sql(relation, index_name) -%}
  {%- do exceptions.raise_not_implemented('get_drop_index_sql is not defined for adapter ' ~ adapter.type()) -%}
{%- endmacro %}

{% macro get_show_indexes_sql(relation) -%}
  {{ adapter.dispatch('get_show_indexes_sql', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__get_show_indexes_sql(relation) -%}
  {%- do exceptions.raise_not_implemented('get_show_indexes_sql is not defined for adapter ' ~ adapter.type()) -%}
{%- endmacro %}

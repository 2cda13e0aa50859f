{# create: the SQL that makes a table from a query. #}

{% macro get_create_table_as_sql(temporary, relation, sql) -%}
  {{ adapter.dispatch('get_create_table_as_sql', 'dbt')(temporary, relation, sql) }}
{%- endmacro %}

{% macro default__get_create_table_as_sql(temporary, relation, sql) -%}
  {{ return(create_table_as(temporary, relation, sql)) }}
{% endmacro %}

{% macro create_table_as(temporary, relation, compiled_code, language='sql') -%}
  {%- if language == 'sql' -%}
    {{ adapter.dispatch('create_table_as', 'dbt')(temporary, relation, compiled_code) }}
  {%- else -%}
    {{ adapter.dispatch('create_table_as', 'dbt')(temporary, relation, compiled_code, language) }}
  {%- endif -%}
{%- endmacro %}

{# The same for a model in any language. #}
{% macro create_table_in(language, temporary, relation, code) -%}
  {%- if language == 'sql' -%}
    {{ get_create_table_as_sql(temporary, relation, code) }}
  {%- else -%}
    {{ create_table_as(temporary, relation, code, language) }}
  {%- endif -%}
{%- endmacro %}

{% macro default__create_table_as(temporary, relation, sql) -%}
  {{ config.get('sql_header', '') or '' }}
  create {{ 'temporary ' if temporary }}table {{ relation.include(database=(not temporary), schema=(not temporary)) }}
  {%- set contract = config.get('contract') -%}
  {%- if contract.enforced and not temporary %}
    {{ get_assert_columns_equivalent(sql) }}
    {{ get_table_columns_and_constraints() }}
  as {{ get_select_subquery(sql) }}
  {%- else %}
  as (
    {{ sql }}
  );
  {%- endif %}
{%- endmacro %}

{% macro default__get_column_names() %}
  {%- set names = [] -%}
  {%- for column in model['columns'].values() -%}
    {%- do names.append(api.Column.create(column['name'], '').quoted if column.get('quote') else column['name']) -%}
  {%- endfor -%}
  {{ return(names | join(', ')) }}
{% endmacro %}

{% macro get_column_names() %}
  {{ return(adapter.dispatch('get_column_names', 'dbt')()) }}
{% endmacro %}

{# The declared columns of a query, in the order in which they were declared. #}
{% macro get_select_subquery(sql) %}
  {{ return(adapter.dispatch('get_select_subquery', 'dbt')(sql)) }}
{% endmacro %}

{% macro default__get_select_subquery(sql) %}
    select {{ get_column_names() }}
    from (
        {{ sql }}
    ) as model_subq
{%- endmacro %}

{# merge: new rows in the place of old ones with the same key. #}

{% macro get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {{ adapter.dispatch('get_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates) }}
{%- endmacro %}

{% macro default__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set conditions = [] + (incremental_predicates or []) -%}
  {%- if unique_key -%}
    {%- set keys = [unique_key] if unique_key is string else unique_key -%}
    {%- for key in keys -%}
      {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
    {%- endfor -%}
  {%- else -%}
    {%- do conditions.append('FALSE') -%}
  {%- endif -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- set updated = get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns) -%}
  {{ config.get('sql_header', '') or '' }}
    merge into {{ target.render() }} as DBT_INTERNAL_DEST
    using {{ source }} as DBT_INTERNAL_SOURCE
    on ({{ conditions | join(') and (') }})
    {%- if unique_key %}
    when matched then update set
      {%- for column in updated %}
        {{ column }} = DBT_INTERNAL_SOURCE.{{ column }}{{ ',' if not loop.last }}
      {%- endfor %}
    {%- endif %}
    when not matched then insert ({{ columns }}) values ({{ columns }})
{% endmacro %}

{% macro get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
  {{ adapter.dispatch('get_delete_insert_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates) }}
{%- endmacro %}

{% macro default__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- if unique_key %}
    {%- set keys = [unique_key] if unique_key is string else unique_key %}
    delete from {{ target.render() }} as DBT_INTERNAL_DEST
    where ({{ keys | join(', ') }}) in (
        select distinct {{ keys | join(', ') }}
        from {{ source }} as DBT_INTERNAL_SOURCE
    )
    {%- for predicate in incremental_predicates or [] %}
    and {{ predicate }}
    {%- endfor -%};
  {%- endif %}

    insert into {{ target.render() }} ({{ columns }})
    (
        select {{ columns }}
        from {{ source }}
    )
{%- endmacro %}

{% macro get_insert_overwrite_merge_sql(target, source, dest_columns, predicates, include_sql_header=false) -%}
  {{ adapter.dispatch('get_insert_overwrite_merge_sql', 'dbt')(target, source, dest_columns, predicates, include_sql_header) }}
{%- endmacro %}

{% macro default__get_insert_overwrite_merge_sql(target, source, dest_columns, predicates, include_sql_header) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- if include_sql_header %}{{ config.get('sql_header', '') or '' }}{% endif %}
    merge into {{ target.render() }} as DBT_INTERNAL_DEST
    using {{ source }} as DBT_INTERNAL_SOURCE
    on FALSE
    when not matched by source
    {%- if predicates %} and {{ predicates | join(' and ') }}{% endif %}
    then delete
    when not matched then insert ({{ columns }}) values ({{ columns }})
{% endmacro %}

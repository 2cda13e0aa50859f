{# incremental_helper: DuckDB's statements for incremental models. #}

{% macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- if unique_key %}
    {%- if unique_key is string %}
    delete from {{ target }} as DBT_INTERNAL_DEST
    where {{ unique_key }} in (
        select {{ unique_key }}
        from {{ source }}
    )
    {%- else %}
    delete from {{ target }} as DBT_INTERNAL_DEST
    using {{ source }} as DBT_INTERNAL_SOURCE
    where {% for key in unique_key -%}
      DBT_INTERNAL_SOURCE.{{ key }} = DBT_INTERNAL_DEST.{{ key }}{{ ' and ' if not loop.last }}
    {%- endfor %}
    {%- endif %}
    {%- for predicate in incremental_predicates or [] %}
    and {{ predicate }}
    {%- endfor %};
  {%- endif %}

    insert into {{ target }} ({{ columns }})
    (
        select {{ columns }}
        from {{ source }}
    )
{%- endmacro %}

{# The batch's window is emptied, then filled. #}
{% macro duckdb__get_incremental_microbatch_sql(arg_dict) %}
  {%- if arg_dict['unique_key'] -%}
    {%- do exceptions.raise_compiler_error("the microbatch strategy takes no unique_key: each batch replaces its window of '"
          ~ config.get('event_time') ~ "'") -%}
  {%- endif -%}
  {%- set target = arg_dict['target_relation'] -%}
  {%- set source = arg_dict['temp_relation'] -%}
  {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
  {%- set conditions = [] + (arg_dict.get('incremental_predicates') or []) -%}
  {%- set batch = model.batch -%}
  {%- if batch and batch.event_time_start -%}
    {%- do conditions.append(config.get('event_time') ~ " >= cast('" ~ batch.event_time_start ~ "' as timestamp)") -%}
  {%- endif -%}
  {%- if batch and batch.event_time_end -%}
    {%- do conditions.append(config.get('event_time') ~ " < cast('" ~ batch.event_time_end ~ "' as timestamp)") -%}
  {%- endif -%}
  {%- if not conditions -%}
    {%- do exceptions.raise_compiler_error('a microbatch needs the begin and the end of its window') -%}
  {%- endif %}
    delete from {{ target }}
    where {{ conditions | join(' and ') }};

    insert into {{ target }} ({{ columns }})
    (
        select {{ columns }}
        from {{ source }}
    )
{% endmacro %}

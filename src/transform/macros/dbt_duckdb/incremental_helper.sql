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

{# The batch's window is emptied, then filled: rows of the batch that lie outside of it are left out. #}
{% macro duckdb__get_incremental_microbatch_sql(arg_dict) %}
  {%- set event_time = config.get('event_time') -%}
  {%- if config.get('unique_key') -%}
    {%- do exceptions.raise_compiler_error("the microbatch strategy takes no unique_key: each batch replaces its window of '"
          ~ event_time ~ "'") -%}
  {%- endif -%}
  {%- set batch = model.get('batch') -%}
  {%- if not event_time or not batch or not batch.event_time_start or not batch.event_time_end -%}
    {%- do exceptions.raise_compiler_error('a microbatch needs event_time, and the begin and the end of its window') -%}
  {%- endif -%}
  {%- set target = arg_dict['target_relation'] -%}
  {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
  {%- set window = event_time ~ " >= '" ~ batch.event_time_start ~ "' and " ~ event_time ~ " < '" ~ batch.event_time_end ~ "'" -%}
  {%- set predicates = arg_dict.get('incremental_predicates') or [] -%}
  {%- set predicates = [predicates] if predicates is string else predicates %}
    delete from {{ target }}
    where {{ window }}
    {%- for predicate in predicates %}
    and ({{ predicate }})
    {%- endfor %};

    insert into {{ target }} ({{ columns }})
    (
        select {{ columns }}
        from {{ arg_dict['temp_relation'] }}
        where {{ window }}
    )
{% endmacro %}

{# incremental_helper: DuckDB's statements for incremental models. #}

{# The names that predicates may use are dbt-duckdb's: the target's own, or DBT_INCREMENTAL_TARGET where a list of keys
   makes it a join. #}
{% macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- set predicates = normalize_string_or_list(incremental_predicates, 'incremental_predicates') -%}
  {%- if unique_key %}
    {%- if unique_key is string %}
    delete from {{ target }}
    where ({{ unique_key }}) in (
        select ({{ unique_key }})
        from {{ source }}
    )
    {%- else %}
    delete from {{ target }} as DBT_INCREMENTAL_TARGET
    using {{ source }}
    where {% for key in unique_key -%}
      {{ source }}.{{ key }} = DBT_INCREMENTAL_TARGET.{{ key }}{{ ' and ' if not loop.last }}
    {%- endfor %}
    {%- endif %}
    {%- for predicate in predicates %}
    and {{ predicate }}
    {%- endfor %};
  {%- endif %}

    insert into {{ target }} ({{ columns }})
    (
        select {{ columns }}
        from {{ source }}
    )
{%- endmacro %}

{# The batch's window is emptied, then filled; what the query gives beside the window belongs to other batches. #}
{% macro duckdb__get_incremental_microbatch_sql(arg_dict) %}
  {%- set event_time = config.get('event_time') -%}
  {%- set batch = model.get('batch') -%}
  {%- if not event_time -%}
    {%- do exceptions.raise_compiler_error("microbatch incremental strategy requires an 'event_time' model config") -%}
  {%- elif config.get('unique_key') -%}
    {%- do exceptions.raise_compiler_error("microbatch incremental strategy does not support 'unique_key': each batch replaces its window of '"
          ~ event_time ~ "'; remove it, or use incremental_strategy='merge'") -%}
  {%- elif not (batch and batch.event_time_start and batch.event_time_end) -%}
    {%- do exceptions.raise_compiler_error('microbatch incremental strategy requires the begin and the end of a batch') -%}
  {%- endif -%}
  {%- set target = arg_dict['target_relation'] -%}
  {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
  {%- set window = event_time ~ " >= '" ~ batch.event_time_start ~ "' and " ~ event_time ~ " < '" ~ batch.event_time_end ~ "'" -%}
  {%- set conditions = [window] + normalize_string_or_list(arg_dict.get('incremental_predicates'), 'incremental_predicates') %}
    delete from {{ target }}
    where ({{ conditions | join(') and (') }});

    insert into {{ target }} ({{ columns }})
    (
        select {{ columns }}
        from {{ arg_dict['temp_relation'] }}
        where {{ window }}
    )
{% endmacro %}

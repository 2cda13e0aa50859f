{# helpers: the statements of a snapshot: its first table, and what changed since. #}

{% macro get_snapshot_table_column_names() %}
  {%- set names = {
      'dbt_valid_to': 'dbt_valid_to',
      'dbt_valid_from': 'dbt_valid_from',
      'dbt_scd_id': 'dbt_scd_id',
      'dbt_updated_at': 'dbt_updated_at',
      'dbt_is_deleted': 'dbt_is_deleted',
  } -%}
  {%- for key, name in (config.get('snapshot_meta_column_names') or {}).items() if name -%}
    {%- do names.update({key: name}) -%}
  {%- endfor -%}
  {{ return(names) }}
{% endmacro %}

{% macro get_dbt_valid_to_current(strategy, columns) %}
  {#- the null has the type of the timestamps -#}
  {%- set unset = 'nullif(' ~ strategy.updated_at ~ ', ' ~ strategy.updated_at ~ ')' -%}
  {%- set current = config.get('dbt_valid_to_current') -%}
  {{ 'coalesce(' ~ unset ~ ', ' ~ current ~ ')' if current else unset }} as {{ columns.dbt_valid_to }}
{%- endmacro %}

{% macro unique_key_fields(unique_key) %}
  {%- if unique_key is string -%}
    {{ unique_key }} as dbt_unique_key
  {%- else -%}
    {%- for key in unique_key -%}
      {{ key }} as dbt_unique_key_{{ loop.index }}{{ ', ' if not loop.last }}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}

{% macro unique_key_join_on(unique_key, identifier, from_identifier) %}
  {%- if unique_key is string -%}
    {{ identifier }}.dbt_unique_key = {{ from_identifier }}.dbt_unique_key
  {%- else -%}
    {%- for key in unique_key -%}
      {{ identifier }}.dbt_unique_key_{{ loop.index }} = {{ from_identifier }}.dbt_unique_key_{{ loop.index }}
      {{- ' and ' if not loop.last -}}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}

{% macro unique_key_is_null(unique_key, identifier) %}
  {{- identifier }}.dbt_unique_key{{ '' if unique_key is string else '_1' }} is null
{%- endmacro %}

{% macro unique_key_is_not_null(unique_key, identifier) %}
  {{- identifier }}.dbt_unique_key{{ '' if unique_key is string else '_1' }} is not null
{%- endmacro %}

{% macro get_true_sql() %}
  {{ adapter.dispatch('get_true_sql', 'dbt')() }}
{% endmacro %}

{% macro default__get_true_sql() %}
  {{ return('TRUE') }}
{% endmacro %}

{% macro snapshot_staging_table(strategy, source_sql, target_relation) -%}
  {{ adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation) }}
{% endmacro %}

{# Every change as a row: 'insert' is a new version, 'update' and 'delete' end an old one. The parts are put together by
   place, so all of them list the source's columns, the key, then updated_at, valid_from, valid_to, scd_id. #}
{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
  {%- set keeps_deleted = strategy.hard_deletes == 'new_record' -%}
  {%- set sees_deleted = keeps_deleted or strategy.hard_deletes == 'invalidate' -%}
  {%- set current = config.get('dbt_valid_to_current') -%}
  {%- set same_key = unique_key_join_on(strategy.unique_key, 'snapshotted_data', 'source_data') -%}
  {%- set was_deleted = "snapshotted_data." ~ columns.dbt_is_deleted ~ " = 'True'" -%}
  with snapshot_query as (

      {{ source_sql }}

  ),

  snapshotted_data as (

      select *, {{ unique_key_fields(strategy.unique_key) }}
      from {{ target_relation }}
      where {% if current -%}
        ({{ columns.dbt_valid_to }} = {{ current }} or {{ columns.dbt_valid_to }} is null)
      {%- else -%}
        {{ columns.dbt_valid_to }} is null
      {%- endif %}

  ),

  insertions_source_data as (

      select *, {{ unique_key_fields(strategy.unique_key) }},
          {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
          {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
          {{ get_dbt_valid_to_current(strategy, columns) }},
          {{ strategy.scd_id }} as {{ columns.dbt_scd_id }}
      from snapshot_query

  ),

  updates_source_data as (

      select *, {{ unique_key_fields(strategy.unique_key) }},
          {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
          {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
          {{ strategy.updated_at }} as {{ columns.dbt_valid_to }}
      from snapshot_query

  ),
  {%- if sees_deleted %}

  deletes_source_data as (

      select *, {{ unique_key_fields(strategy.unique_key) }}
      from snapshot_query

  ),
  {%- endif %}

  insertions as (

      select
          'insert' as dbt_change_type,
          source_data.*
          {%- if keeps_deleted %},
          'False' as {{ columns.dbt_is_deleted }}
          {%- endif %}
      from insertions_source_data as source_data
      left outer join snapshotted_data
          on {{ same_key }}
      where {{ unique_key_is_null(strategy.unique_key, 'snapshotted_data') }}
         or ({{ unique_key_is_not_null(strategy.unique_key, 'snapshotted_data') }} and (
              {{ strategy.row_changed }}{% if keeps_deleted %} or {{ was_deleted }}{% endif %}
         ))

  ),

  updates as (

      select
          'update' as dbt_change_type,
          source_data.*,
          snapshotted_data.{{ columns.dbt_scd_id }}
          {%- if keeps_deleted %},
          snapshotted_data.{{ columns.dbt_is_deleted }}
          {%- endif %}
      from updates_source_data as source_data
      join snapshotted_data
          on {{ same_key }}
      where (
          {{ strategy.row_changed }}{% if keeps_deleted %} or {{ was_deleted }}{% endif %}
      )

  )
  {%- if sees_deleted %},

  deletes as (

      select
          'delete' as dbt_change_type,
          source_data.*,
          {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
          {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
          {{ snapshot_get_time() }} as {{ columns.dbt_valid_to }},
          snapshotted_data.{{ columns.dbt_scd_id }}
          {%- if keeps_deleted %},
          snapshotted_data.{{ columns.dbt_is_deleted }}
          {%- endif %}
      from snapshotted_data
      left join deletes_source_data as source_data
          on {{ same_key }}
      where {{ unique_key_is_null(strategy.unique_key, 'source_data') }}
      {%- if keeps_deleted %}
        and not {{ was_deleted }}
      {%- endif %}

  )
  {%- endif %}
  {%- if keeps_deleted %},
  {%- set kept = get_columns_in_relation(target_relation) | map(attribute='name') | map('lower') | list %}

  deletion_records as (

      select
          'insert' as dbt_change_type,
          {#- a column that the table does not have yet is unknown for what is gone -#}
          {%- for name in get_list_of_column_names(get_columns_in_query(source_sql)) %}
          {{ 'snapshotted_data.' ~ adapter.quote(name) if name | lower in kept else 'null as ' ~ adapter.quote(name) }},
          {%- endfor %}
          {%- if strategy.unique_key is string %}
          snapshotted_data.dbt_unique_key,
          {%- else %}
          {%- for key in strategy.unique_key %}
          snapshotted_data.dbt_unique_key_{{ loop.index }},
          {%- endfor %}
          {%- endif %}
          {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
          {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
          snapshotted_data.{{ columns.dbt_valid_to }} as {{ columns.dbt_valid_to }},
          {{ snapshot_hash_arguments(['snapshotted_data.' ~ columns.dbt_scd_id, snapshot_get_time()]) }} as {{ columns.dbt_scd_id }},
          'True' as {{ columns.dbt_is_deleted }}
      from snapshotted_data
      left join deletes_source_data as source_data
          on {{ same_key }}
      where {{ unique_key_is_null(strategy.unique_key, 'source_data') }}
        and not {{ was_deleted }}

  )
  {%- endif %}

  select * from insertions
  union all
  select * from updates
  {%- if sees_deleted %}
  union all
  select * from deletes
  {%- endif %}
  {%- if keeps_deleted %}
  union all
  select * from deletion_records
  {%- endif %}
{%- endmacro %}

{% macro get_list_of_column_names(columns) %}
  {%- set names = [] -%}
  {%- for column in columns -%}
    {%- do names.append(column if column is string else column.name) -%}
  {%- endfor -%}
  {{ return(names) }}
{% endmacro %}

{% macro build_snapshot_table(strategy, sql) -%}
  {{ adapter.dispatch('build_snapshot_table', 'dbt')(strategy, sql) }}
{% endmacro %}

{% macro default__build_snapshot_table(strategy, sql) %}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() %}
  select *,
      {{ strategy.scd_id }} as {{ columns.dbt_scd_id }},
      {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
      {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
      {{ get_dbt_valid_to_current(strategy, columns) }}
      {%- if strategy.hard_deletes == 'new_record' %},
      'False' as {{ columns.dbt_is_deleted }}
      {%- endif %}
  from (
      {{ sql }}
  ) sbq
{% endmacro %}

{% macro build_snapshot_staging_table(strategy, sql, target_relation) %}
  {%- set temp_relation = make_temp_relation(target_relation) -%}
  {%- set select = snapshot_staging_table(strategy, sql, target_relation) -%}
  {%- call statement('build_snapshot_staging_relation') -%}
    {{ create_table_as(True, temp_relation, select) }}
  {%- endcall -%}
  {{ return(temp_relation) }}
{% endmacro %}

{% macro create_columns(relation, columns) %}
  {{ adapter.dispatch('create_columns', 'dbt')(relation, columns) }}
{% endmacro %}

{% macro default__create_columns(relation, columns) %}
  {%- for column in columns -%}
    {%- call statement() -%}
      alter table {{ relation.render() }} add column {{ adapter.quote(column.name) }} {{ column.expanded_data_type }}
    {%- endcall -%}
  {%- endfor -%}
{% endmacro %}

{% macro post_snapshot(staging_relation) %}
  {{ adapter.dispatch('post_snapshot', 'dbt')(staging_relation) }}
{% endmacro %}

{% macro default__post_snapshot(staging_relation) %}
{% endmacro %}

{# Warns where the time of a row and the time of the snapshot have different types, which compare in surprising ways. #}
{% macro check_time_data_types(sql) %}
  {%- set updated_at = config.get('updated_at') -%}
  {%- if updated_at -%}
    {%- set given = namespace(type=none) -%}
    {%- for column in adapter.describe_query(sql) if column.column | lower == updated_at | lower -%}
      {%- set given.type = column.dtype -%}
    {%- endfor -%}
    {%- set ours = get_snapshot_get_time_data_type() -%}
    {%- if given.type is not none and ours is not none and given.type != ours -%}
      {%- do exceptions.warn_snapshot_timestamp_data_types(ours, given.type) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{# strategies: how a snapshot tells that a row changed. A project adds its own as snapshot_NAME_strategy. #}

{% macro strategy_dispatch(name) -%}
  {%- set parts = name.split('.') -%}
  {%- if parts | length > 2 -%}
    {%- do exceptions.raise_compiler_error("the snapshot strategy '" ~ name ~ "' is neither NAME nor PACKAGE.NAME") -%}
  {%- endif -%}
  {%- set scope = context -%}
  {%- if parts | length == 2 -%}
    {%- if parts[0] not in context -%}
      {%- do exceptions.raise_compiler_error("the snapshot strategy '" ~ name ~ "' names a package that is not installed") -%}
    {%- endif -%}
    {%- set scope = context[parts[0]] -%}
  {%- endif -%}
  {%- set search_name = 'snapshot_' ~ parts[-1] ~ '_strategy' -%}
  {%- if search_name not in scope -%}
    {%- do exceptions.raise_compiler_error("there is no snapshot strategy '" ~ name ~ "': no macro is called " ~ search_name) -%}
  {%- endif -%}
  {{ return(scope[search_name]) }}
{%- endmacro %}

{% macro snapshot_hash_arguments(args) -%}
  {{ adapter.dispatch('snapshot_hash_arguments', 'dbt')(args) }}
{%- endmacro %}

{% macro default__snapshot_hash_arguments(args) -%}
  md5({% for arg in args -%}
    coalesce(cast({{ arg }} as varchar), '')
    {%- if not loop.last %} || '|' || {% endif -%}
  {%- endfor %})
{%- endmacro %}

{% macro snapshot_string_as_time(timestamp) -%}
  {{ adapter.dispatch('snapshot_string_as_time', 'dbt')(timestamp) }}
{%- endmacro %}

{% macro default__snapshot_string_as_time(timestamp) %}
  {%- do exceptions.raise_not_implemented('snapshot_string_as_time is not defined for adapter ' ~ adapter.type()) -%}
{%- endmacro %}

{# What every strategy answers. #}
{% macro snapshot_strategy_result(unique_key, updated_at, row_changed) %}
  {%- set keys = [unique_key] if unique_key is string else unique_key -%}
  {%- set hard_deletes = adapter.get_hard_deletes_behavior(config) -%}
  {{ return({
      'unique_key': unique_key,
      'updated_at': updated_at,
      'row_changed': row_changed,
      'scd_id': snapshot_hash_arguments(keys + [updated_at]),
      'invalidate_hard_deletes': hard_deletes == 'invalidate',
      'hard_deletes': hard_deletes,
  }) }}
{% endmacro %}

{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
  {%- set updated_at = config.get('updated_at') -%}
  {%- set row_changed = '(' ~ snapshotted_rel ~ '.' ~ columns.dbt_valid_from ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')' -%}
  {{ return(snapshot_strategy_result(config.get('unique_key'), updated_at, row_changed)) }}
{% endmacro %}

{# (whether a checked column is not in the table yet, the checked columns that are). #}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) -%}
  {%- if not target_exists -%}
    {{ return((false, check_cols_config if check_cols_config is not string else get_columns_in_query(node['compiled_code']))) }}
  {%- endif -%}
  {%- set in_query = get_columns_in_query(node['compiled_code']) -%}
  {%- set wanted = in_query -%}
  {%- if check_cols_config is not string -%}
    {%- set wanted = check_cols_config -%}
    {%- set known = in_query | map('lower') | list -%}
    {%- for name in wanted if name | lower not in known -%}
      {%- do exceptions.raise_compiler_error("check_cols names '" ~ name ~ "', which the snapshot's query does not have") -%}
    {%- endfor -%}
  {%- endif -%}
  {%- set in_table = adapter.get_columns_in_relation(load_relation(this)) | map(attribute='name') | map('lower') | list -%}
  {%- set seen = namespace(added=false) -%}
  {%- set existing = [] -%}
  {%- for name in wanted -%}
    {%- if name | lower in in_table -%}
      {%- do existing.append(adapter.quote(name)) -%}
    {%- else -%}
      {%- set seen.added = true -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return((seen.added, existing)) }}
{%- endmacro %}

{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {%- set check_cols = config.get('check_cols') -%}
  {%- if not check_cols or (check_cols is string and check_cols != 'all') -%}
    {%- do exceptions.raise_compiler_error("check_cols is to be 'all' or a list of columns; got " ~ check_cols) -%}
  {%- endif -%}
  {%- set column_added, names = snapshot_check_all_get_existing_columns(node, target_exists, check_cols) -%}
  {%- set row_changed -%}
    (
    {%- if column_added -%}
      {{ get_true_sql() }}
    {%- else -%}
      {%- for name in names -%}
        {%- set old = snapshotted_rel ~ '.' ~ name -%}
        {%- set new = current_rel ~ '.' ~ name -%}
        {{ old }} != {{ new }}
        or ({{ old }} is null) != ({{ new }} is null)
        {%- if not loop.last %} or {% endif -%}
      {%- endfor -%}
    {%- endif -%}
    )
  {%- endset -%}
  {{ return(snapshot_strategy_result(config.get('unique_key'), config.get('updated_at') or snapshot_get_time(), row_changed)) }}
{% endmacro %}

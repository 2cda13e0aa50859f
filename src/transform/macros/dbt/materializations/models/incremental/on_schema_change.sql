{# on_schema_change: what happens where a model's query has other columns than its table. #}

{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') %}
  {%- if on_schema_change in ['sync_all_columns', 'append_new_columns', 'fail', 'ignore'] -%}
    {{ return(on_schema_change) }}
  {%- endif -%}
  {%- do log("Invalid value for on_schema_change (" ~ on_schema_change ~ ") specified. Setting default value of " ~ default ~ ".") -%}
  {{ return(default) }}
{% endmacro %}

{% macro check_for_schema_changes(source_relation, target_relation) %}
  {%- set source_columns = adapter.get_columns_in_relation(source_relation) -%}
  {%- set target_columns = adapter.get_columns_in_relation(target_relation) -%}
  {%- set only_in_source = diff_columns(source_columns, target_columns) -%}
  {%- set only_in_target = diff_columns(target_columns, source_columns) -%}
  {%- set new_types = diff_column_data_types(source_columns, target_columns) -%}
  {{ return({
      'schema_changed': (only_in_source or only_in_target or new_types) | length > 0,
      'source_not_in_target': only_in_source,
      'target_not_in_source': only_in_target,
      'source_columns': source_columns,
      'target_columns': target_columns,
      'new_target_types': new_types,
  }) }}
{% endmacro %}

{% macro sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
  {%- set added = schema_changes_dict['source_not_in_target'] -%}
  {%- set removed = schema_changes_dict['target_not_in_source'] -%}
  {%- if on_schema_change == 'append_new_columns' -%}
    {%- if added -%}
      {%- do alter_relation_add_remove_columns(target_relation, added, none) -%}
    {%- endif -%}
  {%- elif on_schema_change == 'sync_all_columns' -%}
    {%- if added or removed -%}
      {%- do alter_relation_add_remove_columns(target_relation, added, removed) -%}
    {%- endif -%}
    {%- for change in schema_changes_dict['new_target_types'] -%}
      {%- do alter_column_type(target_relation, change['column_name'], change['new_type']) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- do log('Columns of ' ~ target_relation ~ ': added ' ~ added ~ ', removed ' ~ removed
             ~ ', changed ' ~ schema_changes_dict['new_target_types']) -%}
{% endmacro %}

{# The columns that are to be written; empty where the change is to be ignored. #}
{% macro process_schema_changes(on_schema_change, source_relation, target_relation) %}
  {%- if on_schema_change == 'ignore' -%}
    {{ return({}) }}
  {%- endif -%}
  {%- set changes = check_for_schema_changes(source_relation, target_relation) -%}
  {%- if changes['schema_changed'] -%}
    {%- if on_schema_change == 'fail' -%}
      {%- do exceptions.raise_compiler_error(
            'the columns of ' ~ target_relation ~ ' no longer match its query, and on_schema_change is fail'
            ~ '\n  only in the query: ' ~ changes['source_not_in_target'] | map(attribute='name') | join(', ')
            ~ '\n  only in the table: ' ~ changes['target_not_in_source'] | map(attribute='name') | join(', ')
            ~ '\n  other types: ' ~ changes['new_target_types']
            ~ '\n  run with --full-refresh to build the table anew, or set on_schema_change to append_new_columns or sync_all_columns') -%}
    {%- endif -%}
    {%- do sync_column_schemas(on_schema_change, target_relation, changes) -%}
  {%- endif -%}
  {{ return(changes['source_columns']) }}
{% endmacro %}

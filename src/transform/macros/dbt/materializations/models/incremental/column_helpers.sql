{# column_helpers: comparing and listing columns. #}

{% macro get_quoted_csv(column_names) %}
  {%- set quoted = [] -%}
  {%- for name in column_names -%}
    {%- do quoted.append(adapter.quote(name)) -%}
  {%- endfor -%}
  {{ return(quoted | join(', ')) }}
{% endmacro %}

{# The columns of the first list whose names the second does not have. #}
{% macro diff_columns(source_columns, target_columns) %}
  {%- set known = target_columns | map(attribute='column') | list -%}
  {%- set missing = [] -%}
  {%- for column in source_columns if column.column not in known -%}
    {%- do missing.append(column) -%}
  {%- endfor -%}
  {{ return(missing) }}
{% endmacro %}

{% macro diff_column_data_types(source_columns, target_columns) %}
  {{ return(adapter.dispatch('diff_column_data_types', 'dbt')(source_columns, target_columns)) }}
{% endmacro %}

{# What has another type in the second list: [{column_name, new_type}], but for text that only grows. #}
{% macro default__diff_column_data_types(source_columns, target_columns) %}
  {%- set changed = [] -%}
  {%- for source in source_columns -%}
    {%- for target in target_columns if target.name == source.name -%}
      {%- if source.expanded_data_type != target.expanded_data_type and not source.can_expand_to(other_column=target) -%}
        {%- do changed.append({'column_name': target.name, 'new_type': source.expanded_data_type}) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {{ return(changed) }}
{% endmacro %}

{% macro get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
  {{ return(adapter.dispatch('get_merge_update_columns', 'dbt')(merge_update_columns, merge_exclude_columns, dest_columns)) }}
{% endmacro %}

{% macro default__get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
  {%- if merge_update_columns and merge_exclude_columns -%}
    {%- do exceptions.raise_compiler_error(
          "set either 'merge_update_columns' or 'merge_exclude_columns' for " ~ this ~ ", not both") -%}
  {%- elif merge_update_columns -%}
    {{ return(merge_update_columns) }}
  {%- elif merge_exclude_columns -%}
    {%- set excluded = merge_exclude_columns | map('lower') | list -%}
    {%- set kept = [] -%}
    {%- for column in dest_columns if column.column | lower not in excluded -%}
      {%- do kept.append(column.quoted) -%}
    {%- endfor -%}
    {{ return(kept) }}
  {%- else -%}
    {{ return(dest_columns | map(attribute='quoted') | list) }}
  {%- endif -%}
{% endmacro %}

{# merge_config: whether a model's merge_* configs are of the right kinds and fit together; all mistakes at once. #}

{% macro validate_merge_config(config, target_relation=none) %}
  {%- set errors = [] -%}
  {%- for name in ['merge_update_condition', 'merge_insert_condition'] -%}
    {%- do validate_string_field(config.get(name), name, errors) -%}
  {%- endfor -%}
  {%- for name in ['merge_on_using_columns', 'merge_update_columns', 'merge_exclude_columns', 'merge_returning_columns'] -%}
    {%- do validate_string_list_field(config.get(name), name, errors) -%}
  {%- endfor -%}
  {%- do validate_dict_field(config.get('merge_update_set_expressions'), 'merge_update_set_expressions', errors) -%}
  {%- do validate_merge_clauses(config, errors) -%}
  {%- if not errors -%}
    {%- do validate_ducklake_restrictions(config, target_relation, errors) -%}
  {%- endif -%}
  {%- if errors -%}
    {%- do exceptions.raise_compiler_error('MERGE configuration errors:\n' ~ errors | join('\n')) -%}
  {%- endif -%}
{% endmacro %}

{% macro validate_merge_clauses(config, errors) %}
  {%- set clauses = config.get('merge_clauses') -%}
  {%- if clauses is none -%}
    {{ return(none) }}
  {%- elif clauses is not mapping -%}
    {%- do errors.append('merge_clauses must be a dictionary, found: ' ~ clauses) -%}
    {{ return(none) }}
  {%- endif -%}
  {%- if 'when_matched' not in clauses and 'when_not_matched' not in clauses -%}
    {%- do errors.append("merge_clauses must contain at least one of 'when_matched' or 'when_not_matched'") -%}
  {%- endif -%}
  {%- for kind in ['when_matched', 'when_not_matched'] if kind in clauses -%}
    {%- set list = clauses[kind] -%}
    {%- if list is not sequence or list is mapping or list is string -%}
      {%- do errors.append('merge_clauses.' ~ kind ~ ' must be a list') -%}
    {%- elif not list -%}
      {%- do errors.append('merge_clauses.' ~ kind ~ ' must contain at least one element') -%}
    {%- else -%}
      {%- for clause in list if clause is not mapping -%}
        {%- do errors.append('merge_clauses.' ~ kind ~ ' elements must be dictionaries, found: ' ~ clause) -%}
      {%- endfor -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set ignored = [] -%}
  {%- for name in ['merge_update_condition', 'merge_insert_condition', 'merge_update_columns', 'merge_exclude_columns',
                   'merge_update_set_expressions'] if config.get(name) -%}
    {%- do ignored.append(name) -%}
  {%- endfor -%}
  {%- if ignored -%}
    {%- do errors.append('next to merge_clauses these basic merge configurations will be ignored: ' ~ ignored | join(', ')
                         ~ '; say in merge_clauses what they say') -%}
  {%- endif -%}
{% endmacro %}

{# DuckLake rewrites files: it can do one kind of change a statement, and gives no rows back. #}
{% macro validate_ducklake_restrictions(config, target_relation, errors) %}
  {%- if target_relation is none or not adapter.is_ducklake(target_relation) -%}
    {{ return(none) }}
  {%- endif -%}
  {%- if config.get('merge_returning_columns') -%}
    {%- do errors.append('DuckLake MERGE restrictions: merge_returning_columns is not supported, for DuckLake has no RETURNING') -%}
  {%- endif -%}
  {%- set clauses = config.get('merge_clauses') or {} -%}
  {%- set changing = (clauses.get('when_matched', []) + clauses.get('when_not_matched', []))
        | selectattr('action', 'defined') | selectattr('action', 'in', ['update', 'delete']) | list -%}
  {%- if changing | length > 1 -%}
    {%- do errors.append('DuckLake MERGE restrictions: one UPDATE or DELETE action in all of merge_clauses. Found '
                         ~ changing | length ~ ' UPDATE/DELETE actions') -%}
  {%- endif -%}
{% endmacro %}

{% macro validate_string_field(field_value, field_name, errors) %}
  {%- if field_value is not none and field_value is not string -%}
    {%- do errors.append(field_name ~ ' must be a string, found: ' ~ field_value) -%}
  {%- endif -%}
{% endmacro %}

{% macro validate_string_list_field(field_value, field_name, errors) %}
  {%- if field_value is none -%}
    {{ return(none) }}
  {%- elif field_value is not sequence or field_value is mapping or field_value is string -%}
    {%- do errors.append(field_name ~ ' must be a list') -%}
  {%- else -%}
    {%- for item in field_value if item is not string -%}
      {%- do errors.append(field_name ~ ' must contain only string values, found: ' ~ item) -%}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}

{% macro validate_dict_field(field_value, field_name, errors) %}
  {%- if field_value is not none and field_value is not mapping -%}
    {%- do errors.append(field_name ~ ' must be a dictionary, found: ' ~ field_value) -%}
  {%- endif -%}
{% endmacro %}

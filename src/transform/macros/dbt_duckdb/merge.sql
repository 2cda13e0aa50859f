{# merge: DuckDB's MERGE INTO, with the clauses that a model's merge_* configs ask for. #}

{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set keys = [unique_key] if unique_key is string else (unique_key or []) -%}
  {%- set using_columns = config.get('merge_on_using_columns') -%}
  {%- set conditions = [] -%}
  {%- for key in keys -%}
    {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
  {%- endfor -%}
  {%- do conditions.extend(incremental_predicates or []) -%}
  {%- if not conditions and not using_columns -%}
    {%- do conditions.append('FALSE') -%}
  {%- endif -%}
  {%- set clauses = config.get('merge_clauses') or {} -%}
  {%- set returned = config.get('merge_returning_columns') %}
    merge into {{ target }} as DBT_INTERNAL_DEST
    using {{ source }} as DBT_INTERNAL_SOURCE
    {%- if using_columns %}
    using ({{ using_columns | join(', ') }})
    {%- else %}
    on ({{ conditions | join(') and (') }})
    {%- endif %}
    {%- if clauses %}
    {%- for clause in clauses.get('when_matched', []) %}
    when matched {{ _merge_clause(clause, dest_columns) }}
    {%- endfor %}
    {%- for clause in clauses.get('when_not_matched', []) %}
    when not matched {{ 'by ' ~ clause.by if clause.get('by') }} {{ _merge_clause(clause, dest_columns) }}
    {%- endfor %}
    {%- else %}
    {%- if keys or using_columns %}
    when matched {{ 'and ' ~ config.get('merge_update_condition') if config.get('merge_update_condition') }}
    then {{ _merge_update(dest_columns) }}
    {%- endif %}
    when not matched {{ 'and ' ~ config.get('merge_insert_condition') if config.get('merge_insert_condition') }}
    then insert by name
    {%- endif %}
    {%- if returned %}
    returning {{ returned | join(', ') if returned is not string else returned }}
    {%- endif %}
{%- endmacro %}

{% macro _merge_update(dest_columns) -%}
  {%- set expressions = config.get('merge_update_set_expressions') or {} -%}
  {%- set chosen = config.get('merge_update_columns') -%}
  {%- set excluded = config.get('merge_exclude_columns') -%}
  {%- if not expressions and not chosen and not excluded -%}
    update by name
  {%- else -%}
    {%- set columns = [] -%}
    {%- if chosen or excluded or not expressions -%}
      {%- do columns.extend(get_merge_update_columns(chosen, excluded, dest_columns)) -%}
    {%- endif -%}
    {%- set parts = [] -%}
    {%- for name, expression in expressions.items() -%}
      {%- do parts.append(adapter.quote(name) ~ ' = ' ~ expression) -%}
    {%- endfor -%}
    {%- for column in columns if column not in expressions and column | replace('"', '') not in expressions -%}
      {%- do parts.append(column ~ ' = DBT_INTERNAL_SOURCE.' ~ column) -%}
    {%- endfor -%}
    update set {{ parts | join(', ') }}
  {%- endif -%}
{%- endmacro %}

{# One entry of merge_clauses: {condition, action: update|insert|delete|do_nothing|error, mode, set_expressions, ...}. #}
{% macro _merge_clause(clause, dest_columns) -%}
  {{- 'and ' ~ clause.condition if clause.get('condition') }} then {% set action = clause.get('action', 'do_nothing') -%}
  {%- if action == 'do_nothing' -%}
    do nothing
  {%- elif action == 'delete' -%}
    delete
  {%- elif action == 'error' -%}
    error {{ "'" ~ escape_single_quotes(clause.error_message) ~ "'" if clause.get('error_message') }}
  {%- elif action == 'update' -%}
    {%- set expressions = clause.get('set_expressions') or clause.get('update', {}).get('set_expressions') -%}
    {%- if expressions -%}
      update set {% for name, expression in expressions.items() -%}
        {{ adapter.quote(name) }} = {{ expression }}{{ ', ' if not loop.last }}
      {%- endfor -%}
    {%- else -%}
      update {{ 'by position' if clause.get('mode') == 'by_position' else 'by name' }}
    {%- endif -%}
  {%- elif action == 'insert' -%}
    insert {{ 'by position' if clause.get('mode') == 'by_position' else 'by name' }}
  {%- else -%}
    {%- do exceptions.raise_compiler_error("merge_clauses: the action '" ~ action ~ "' is none of update, insert, delete, do_nothing, error") -%}
  {%- endif -%}
{%- endmacro %}

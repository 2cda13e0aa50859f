{# merge: DuckDB's MERGE INTO, with the clauses that a model's merge_* configs ask for. #}

{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- do validate_merge_config(config, target) -%}
  {%- set given = config.get('merge_clauses') or {} -%}
  {%- set matched = given.get('when_matched') or [merge_update_clause()] -%}
  {%- set not_matched = given.get('when_not_matched')
        or [{'action': 'insert', 'mode': 'by_name', 'condition': config.get('merge_insert_condition')}] -%}
  {%- set returned = config.get('merge_returning_columns') %}
    {{ config.get('sql_header') or '' }}
    merge into {{ target }} as DBT_INTERNAL_DEST
    using {{ source }} as DBT_INTERNAL_SOURCE
    {{ merge_join(unique_key, normalize_string_or_list(incremental_predicates, 'incremental_predicates')) }}
    {%- for clause in matched %}
    when matched {{ merge_clause_body(clause, dest_columns) }}
    {%- endfor %}
    {%- for clause in not_matched %}
    when not matched {{ 'by ' ~ clause.by if clause.get('by') }} {{ merge_clause_body(clause, dest_columns) }}
    {%- endfor %}
    {%- if returned %}
    returning {{ returned if returned is string else returned | join(', ') }}
    {%- endif %}
{%- endmacro %}

{# By which rows match: columns of the same name, or equal keys; without either, no row does. #}
{% macro merge_join(unique_key, predicates) -%}
  {%- set using = config.get('merge_on_using_columns') -%}
  {%- set conditions = [] -%}
  {%- if not using -%}
    {%- for key in normalize_string_or_list(unique_key, 'unique_key') -%}
      {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
    {%- else -%}
      {%- do conditions.append('false') -%}
    {%- endfor -%}
  {%- endif -%}
  {%- do conditions.extend(predicates) -%}
  {{ 'using (' ~ using | join(', ') ~ ')' if using }} {{ 'on (' ~ conditions | join(') and (') ~ ')' if conditions }}
{%- endmacro %}

{# What a matched row becomes where merge_clauses do not say it. #}
{% macro merge_update_clause() %}
  {%- set clause = {'action': 'update', 'mode': 'by_name', 'condition': config.get('merge_update_condition')} -%}
  {%- set update = {
        'include': config.get('merge_update_columns') or [],
        'exclude': config.get('merge_exclude_columns') or [],
        'set_expressions': config.get('merge_update_set_expressions') or {},
      } -%}
  {%- if update['include'] or update['exclude'] or update['set_expressions'] -%}
    {%- do clause.update({'mode': 'explicit', 'update': update}) -%}
  {%- endif -%}
  {{ return(clause) }}
{% endmacro %}

{# "and condition then action" of one entry of merge_clauses. #}
{% macro merge_clause_body(clause, dest_columns) -%}
  {%- set conditions = normalize_string_or_list(clause.get('condition'), 'condition') -%}
  {%- set action = clause.get('action', 'do_nothing') -%}
  {{ 'and (' ~ conditions | join(') and (') ~ ')' if conditions }} then {% if action in ['update', 'insert'] -%}
    {%- set mode = clause.get('mode', 'explicit' if clause.get('set_expressions') else 'by_name') -%}
    {%- if mode in ['by_name', 'by_position'] -%}
      {{ action }} {{ mode | replace('_', ' ') }}
    {%- elif mode == 'star' -%}
      {{ 'update set *' if action == 'update' else 'insert *' }}
    {%- elif action == 'update' -%}
      update set {{ merge_assignments(clause, dest_columns) }}
    {%- else -%}
      {%- set insert = clause.get('insert') or {} -%}
      insert ({{ insert.get('columns', []) | join(', ') }}) values ({{ insert.get('values', []) | join(', ') }})
    {%- endif -%}
  {%- elif action == 'delete' -%}
    delete
  {%- elif action == 'error' -%}
    error {{ "'" ~ escape_single_quotes(clause.error_message) ~ "'" if clause.get('error_message') }}
  {%- elif action == 'do_nothing' -%}
    do nothing
  {%- else -%}
    {%- do exceptions.raise_compiler_error("merge_clauses: the action '" ~ action ~ "' is none of update, insert, delete, do_nothing, error") -%}
  {%- endif -%}
{%- endmacro %}

{# Expressions where they are given, else what the source has. An unmatched row has no source: only its expressions. #}
{% macro merge_assignments(clause, dest_columns) -%}
  {%- set update = clause.get('update') or {} -%}
  {%- set expressions = clause.get('set_expressions') or update.get('set_expressions') or {} -%}
  {%- set parts = [] -%}
  {%- for column, expression in expressions.items() -%}
    {%- do parts.append(column ~ ' = ' ~ expression) -%}
  {%- endfor -%}
  {%- if not clause.get('set_expressions') -%}
    {%- for column in get_merge_update_columns(update.get('include', []), update.get('exclude', []), dest_columns)
        if column | replace('"', '') not in expressions -%}
      {%- do parts.append(column ~ ' = DBT_INTERNAL_SOURCE.' ~ column) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ parts | join(', ') }}
{%- endmacro %}

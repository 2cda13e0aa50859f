{# ducklake: how the files of a DuckLake's table are partitioned and sorted, from a model's config. DuckLake lays out what
   is inserted after it was told, so a table is made empty, told, and filled. #}

{# As written, for a key may be an expression: "day(ts), region"; none where nothing is said or the relation is no DuckLake's. #}
{% macro duckdb__get_partitioned_by(relation, temporary) -%}
  {{ return(ducklake_keys(relation, temporary, ['partitioned_by', 'partition_by']) | join(', ') or none) }}
{%- endmacro %}

{# Names of columns, quoted. #}
{% macro duckdb__get_sorted_by(relation, temporary) -%}
  {%- set quoted = [] -%}
  {%- for column in ducklake_keys(relation, temporary, ['sorted_by', 'sort_by']) -%}
    {%- do quoted.append(adapter.quote(column | replace('"', '""'))) -%}
  {%- endfor -%}
  {{ return(quoted | join(', ') or none) }}
{%- endmacro %}

{# The keys that the first of these configs with a value gives. #}
{% macro ducklake_keys(relation, temporary, names) -%}
  {%- set title = names | join('/') -%}
  {%- set given = config.get(names[0]) if config.get(names[0]) not in [none, ''] else config.get(names[1]) -%}
  {%- if temporary or given in [none, ''] -%}
    {{ return([]) }}
  {%- endif -%}
  {%- set keys = [given] if given is string else given -%}
  {%- if keys is not sequence or keys is mapping -%}
    {%- do exceptions.raise_compiler_error(title ~ ' must be a string or a list of strings') -%}
  {%- elif not keys -%}
    {%- do exceptions.raise_compiler_error(title ~ ' must contain at least one column') -%}
  {%- endif -%}
  {%- for key in keys if key is not string or not key.strip() -%}
    {%- do exceptions.raise_compiler_error(title ~ ' list values must be non-empty strings') -%}
  {%- endfor -%}
  {%- if not adapter.is_ducklake(relation) -%}
    {%- do adapter.warn_once(title ~ ' is only supported for DuckLake relations; ignoring for ' ~ this) -%}
    {{ return([]) }}
  {%- endif -%}
  {{ return(keys) }}
{%- endmacro %}

{# The statements that tell it. #}
{% macro duckdb__set_layout(relation, partitioned_by, sorted_by) -%}
  {%- set statements = [] -%}
  {%- if partitioned_by -%}
    {%- do statements.append('alter table ' ~ relation ~ ' set partitioned by (' ~ partitioned_by ~ ')') -%}
  {%- endif -%}
  {%- if sorted_by -%}
    {%- do statements.append('alter table ' ~ relation ~ ' set sorted by (' ~ sorted_by ~ ')') -%}
  {%- endif -%}
  {{ return(statements) }}
{%- endmacro %}

{# functions: as DuckDB's macros, which take several bodies for one name, by the number of arguments. The arguments' types
   stay out of it: files of DuckDB's default storage version cannot keep them. #}

{# One statement for the function and its overloads: making a macro anew replaces all of its bodies. #}
{% macro duckdb__scalar_function_sql(target_relation) -%}
  {{ duckdb_function_sql(target_relation) }}
{%- endmacro %}

{% macro duckdb__aggregate_function_sql(target_relation) -%}
  {{ duckdb_function_sql(target_relation) }}
{%- endmacro %}

{% macro duckdb_function_sql(target_relation) -%}
  {%- if model.config.get('volatility') is not none -%}
    {%- do unsupported_volatility_warning(model.config.volatility) -%}
  {%- endif -%}
  create or replace function {{ target_relation.render() }}
  {{ duckdb_function_body(model.arguments, model.returns, model.compiled_code) }}
  {%- for overload in model.overloads %},
  {{ duckdb_function_body(overload.arguments, overload.returns or model.returns, overload.compiled_body) }}
  {%- endfor %}
{%- endmacro %}

{# An expression or a query; a line comment at its end does not swallow the bracket. #}
{% macro duckdb_function_body(arguments, returns, body) -%}
  (
    {%- for argument in arguments -%}
      {{ argument.name }}
      {%- if argument.default_value is not none %} := {{ duckdb_literal(argument.default_value) }}{% endif -%}
      {{ ', ' if not loop.last }}
    {%- endfor -%}
  ) as {{ 'cast(' if returns.data_type != 'INVALID_TYPE' }}(
    {{ body }}
  ){{ ' as ' ~ returns.data_type ~ ')' if returns.data_type != 'INVALID_TYPE' }}
{%- endmacro %}

{% macro duckdb_literal(value) -%}
  {%- if value is string and not value.startswith("'") -%}
    {{ string_literal(escape_single_quotes(value)) }}
  {%- else -%}
    {{ value }}
  {%- endif -%}
{%- endmacro %}

{% macro duckdb__scalar_function_python(target_relation) -%}
  {%- do duckdb_no_function_in(model.language) -%}
{%- endmacro %}

{% macro duckdb__aggregate_function_python(target_relation) -%}
  {%- do duckdb_no_function_in(model.language) -%}
{%- endmacro %}

{% macro duckdb__scalar_function_javascript(target_relation) -%}
  {%- do duckdb_no_function_in(model.language) -%}
{%- endmacro %}

{% macro duckdb__aggregate_function_javascript(target_relation) -%}
  {%- do duckdb_no_function_in(model.language) -%}
{%- endmacro %}

{% macro duckdb_no_function_in(language) -%}
  {%- do exceptions.raise_compiler_error("function '" ~ model.name ~ "' is written in " ~ language
        ~ ", and DuckDB makes functions of SQL only: write its body in SQL, or a model in Python") -%}
{%- endmacro %}

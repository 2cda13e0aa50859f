{# statement: sends a block of SQL to the warehouse and keeps what came back under a name. #}

{% macro statement(name=None, fetch_result=False, auto_begin=True, language='sql') %}
  {%- if execute -%}
    {%- set code = caller() -%}
    {%- if name == 'main' -%}
      {%- do write(code) -%}
    {%- endif -%}
    {%- if language == 'sql' -%}
      {%- set response, table = adapter.execute(code, auto_begin=auto_begin, fetch=fetch_result) -%}
    {%- elif language == 'python' -%}
      {%- set response = submit_python_job(model, code) -%}
      {%- set table = none -%}
    {%- else -%}
      {%- do exceptions.raise_compiler_error("a statement is in sql or python, not in '" ~ language ~ "'") -%}
    {%- endif -%}
    {%- if name is not none -%}
      {%- do store_result(name, response=response, agate_table=table) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{% macro noop_statement(name=None, message=None, code=None, rows_affected=None, res=None) %}
  {%- if name == 'main' -%}
    {%- do write(caller()) -%}
  {%- endif -%}
  {%- if name is not none -%}
    {%- do store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) -%}
  {%- endif -%}
{% endmacro %}

{% macro run_query(sql) %}
  {%- if not execute -%}{%- do return(none) -%}{%- endif -%}
  {%- call statement('run_query_statement', fetch_result=true, auto_begin=false) -%}
    {{ sql }}
  {%- endcall -%}
  {%- do return(load_result('run_query_statement').table) -%}
{% endmacro %}

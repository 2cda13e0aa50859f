{# unit: runs a model on made-up rows and puts its answer beside the expected one. #}

{%- materialization unit, default -%}
  {%- set expected_rows = config.get('expected_rows') -%}
  {%- set expected_sql = config.get('expected_sql') -%}
  {%- if expected_rows is not none and expected_rows | length > 0 -%}
    {%- set names = expected_rows[0].keys() | list -%}
  {%- else -%}
    {%- set names = get_columns_in_query(sql) -%}
  {%- endif -%}
  {%- set types = {} -%}
  {%- for column in adapter.describe_query(sql) -%}
    {%- do types.update({column.name | lower: column.dtype}) -%}
  {%- endfor -%}
  {%- if not expected_sql -%}
    {%- set expected_sql = get_expected_sql(expected_rows, types) -%}
  {%- endif -%}
  {%- call statement('main', fetch_result=True) -%}
    {{ get_unit_test_sql(sql, expected_sql, names) }}
  {%- endcall -%}
  {{ return({'relations': []}) }}
{%- endmaterialization -%}

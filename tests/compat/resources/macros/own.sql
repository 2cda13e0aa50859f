{% macro get_incremental_by_hand_sql(arg_dict) %}
  delete from {{ arg_dict['target_relation'] }} where id in (select id from {{ arg_dict['temp_relation'] }});
  insert into {{ arg_dict['target_relation'] }} ({{ arg_dict['dest_columns'] | map(attribute='name') | join(', ') }}) select * from {{ arg_dict['temp_relation'] }}
{% endmacro %}
{% macro generate_schema_name(custom_schema_name, node) %}{{ target.schema if custom_schema_name is none else custom_schema_name | trim }}{% endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ (custom_alias_name or node.name) | trim }}{{ '_v' ~ node.version if node.version }}{% endmacro %}
{% materialization noted, default %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- do adapter.drop_relation(target_relation) -%}
  {% call statement('main') %}create table {{ target_relation }} as select *, 'noted' as how from ({{ sql }}){% endcall %}
  {% do adapter.commit() %}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
{% macro default__type_string() %}varchar{% endmacro %}
{% test positive(model, column_name, least=0) %} select * from {{ model }} where {{ column_name }} <= {{ least }} {% endtest %}

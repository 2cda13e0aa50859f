{# table_function: a model as a table macro, with parameters. #}

{% materialization table_function, adapter='duckdb' %}
  {%- set parameters = config.get('parameters') or [] -%}
  {%- set target_relation = this.incorporate(type='view') -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  -- BEGIN
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {%- call statement('main') -%}
    create or replace function {{ target_relation.render() }}
    ({{ parameters if parameters is string or parameters is number else parameters | join(', ') }})
    as table (
      {{ sql }}
    );
  {%- endcall -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  -- COMMIT
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': []}) }}
{% endmaterialization %}

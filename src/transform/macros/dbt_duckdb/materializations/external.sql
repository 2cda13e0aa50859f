{# external: a model as a file (Parquet, CSV, JSON) with a view that reads it. #}

{% materialization external, adapter='duckdb', supported_languages=['sql'] %}
  {%- set location = render(config.get('location', default=external_location(this, config))) -%}
  {%- set rendered_options = config.get('options', default={}) -%}
  {%- set options = adapter.external_write_options(location, rendered_options) -%}
  {%- set read_location = adapter.external_read_location(location, rendered_options) -%}
  {%- set target_relation = this.incorporate(type='view') -%}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set temp_relation = make_intermediate_relation(this.incorporate(type='table'), suffix='__dbt_tmp') -%}

  {{ drop_relation_if_exists(load_cached_relation(temp_relation)) }}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  -- BEGIN
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {%- call statement('create_table') -%}
    {{ create_table_as(False, temp_relation, compiled_code) }}
  {%- endcall -%}
  {#- without a row there would be no file with columns to read -#}
  {%- set rows = run_query('select count(*) from ' ~ temp_relation).columns[0].values()[0] -%}
  {%- if rows == 0 -%}
    {%- call statement('one_empty_row') -%}
      insert into {{ temp_relation }} values (
        {%- for column in adapter.get_columns_in_relation(temp_relation) -%}
          null{{ ', ' if not loop.last }}
        {%- endfor -%}
      )
    {%- endcall -%}
  {%- endif -%}
  {%- call statement('main') -%}
    copy {{ temp_relation }} to '{{ escape_single_quotes(location) }}' ({{ options }})
  {%- endcall -%}
  {%- if existing_relation is not none -%}
    {{ drop_relation_if_exists(existing_relation) }}
  {%- endif -%}
  {%- call statement('create_view') -%}
    create view {{ target_relation }} as (
      select * from '{{ escape_single_quotes(read_location) }}'
      {%- if rows == 0 %} where 1 = 0{% endif %}
    );
  {%- endcall -%}
  {%- do adapter.cache_added(target_relation) -%}
  {{ drop_relation_if_exists(temp_relation) }}
  {%- do persist_docs(target_relation, model) -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  -- COMMIT
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro external_location(relation, config) -%}
  {%- set format = config.get('format', 'parquet') -%}
  {%- if config.get('options', {}).get('partition_by') -%}
    {{ return(adapter.external_root() ~ '/' ~ relation.identifier) }}
  {%- endif -%}
  {{ return(adapter.external_root() ~ '/' ~ relation.identifier ~ '.' ~ format) }}
{%- endmacro %}

{# external: a model as a file (Parquet, CSV, JSON) with a view that reads it. #}

{% materialization external, adapter='duckdb', supported_languages=['sql'] %}
  {%- set location = render(config.get('location', default=external_location(this, config))) -%}
  {%- set options = render_write_options(config) -%}
  {%- set write_options = adapter.external_write_options(location, options) -%}
  {%- set reader = external_reader(adapter.external_read_location(location, options), options, config) -%}
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
  {%- set is_empty = run_query('select count(*) from ' ~ temp_relation)[0][0] == 0 -%}
  {%- if is_empty -%}
    {%- call statement('one_empty_row') -%}
      insert into {{ temp_relation }} values (
        {%- for column in adapter.get_columns_in_relation(temp_relation) -%}
          null{{ ', ' if not loop.last }}
        {%- endfor -%}
      )
    {%- endcall -%}
  {%- endif -%}
  {{ write_to_file(temp_relation, location, write_options) }}
  {{ drop_relation_if_exists(existing_relation) }}
  {%- call statement('main') -%}
    create view {{ target_relation }} as (
      select * from {{ reader }}
      {%- if is_empty %} where false{% endif %}
    );
  {%- endcall -%}
  {%- do adapter.cache_added(target_relation) -%}
  {{ drop_relation_if_exists(temp_relation) }}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing_relation, full_refresh_mode=True)) -%}
  {%- do persist_docs(target_relation, model) -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  -- COMMIT
  {{ adapter.commit() }}
  {%- set plugin = 'glue|' ~ config.get('glue_database', 'default') if config.get('glue_register') else config.get('plugin') -%}
  {%- if plugin -%}
    {%- do store_relation(plugin, target_relation, location, options['format'], config) -%}
  {%- endif -%}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro external_location(relation, config) -%}
  {%- set format = config.get('format', 'parquet') -%}
  {%- if (config.get('options') or {}).get('partition_by') -%}
    {{ return(adapter.external_root() ~ '/' ~ relation.identifier) }}
  {%- endif -%}
  {{ return(adapter.external_root() ~ '/' ~ relation.identifier ~ '.' ~ format) }}
{%- endmacro %}

{% macro location_exists(location) -%}
  {%- do return(adapter.location_exists(location)) -%}
{%- endmacro %}

{% macro write_to_file(relation, location, options) -%}
  {%- call statement('write_to_file') -%}
    copy {{ relation }} to '{{ escape_single_quotes(location) }}' ({{ options }})
  {%- endcall -%}
{%- endmacro %}

{% macro store_relation(plugin, relation, location, format, config) -%}
  {%- do adapter.store_relation(plugin, relation, adapter.get_columns_in_relation(relation), location, format, config) -%}
{%- endmacro %}

{# The options of COPY as texts; format and delimiter may stand beside them. #}
{% macro render_write_options(config) -%}
  {%- set given = config.get('options') or {} -%}
  {%- if given is not mapping -%}
    {%- do exceptions.raise_compiler_error('The options argument must be a dictionary') -%}
  {%- endif -%}
  {%- set options = {} -%}
  {%- for name, value in given.items() -%}
    {%- do options.update({name: render(value | string) if value is not sequence or value is string else value}) -%}
  {%- endfor -%}
  {%- for name in ['format', 'delimiter'] if config.get(name) -%}
    {%- do options.update({name: render(config.get(name))}) -%}
  {%- endfor -%}
  {%- do return(options) -%}
{%- endmacro %}

{# What a view selects from to read the files back: "read_csv('x.csv', auto_detect=True)". #}
{% macro external_reader(location, options, config) -%}
  {%- set formats = ['csv', 'parquet', 'json'] -%}
  {%- set format = config.get('format') or options['format'] | lower -%}
  {%- if config.get('format') and format not in formats -%}
    {%- do exceptions.raise_compiler_error('Invalid format: ' ~ format ~ '. Allowed formats are: ' ~ formats | join(', ')) -%}
  {%- endif -%}
  {%- set format = format if format in formats else 'parquet' -%}
  {%- set read_options = {} -%}
  {%- do read_options.update(config.get(format ~ '_read_options')
                             or ({'union_by_name': False} if format == 'parquet' else {'auto_detect': True})) -%}
  {%- if format != 'parquet' and options.get('compression') and 'compression' not in read_options -%}
    {%- do read_options.update({'compression': options['compression']}) -%}
  {%- endif -%}
  read_{{ format }}('{{ escape_single_quotes(location) }}'
  {%- for name, value in read_options.items() %}, {{ name }}={{ "'" ~ value ~ "'" if value is string else value }}{% endfor -%}
  )
{%- endmacro %}

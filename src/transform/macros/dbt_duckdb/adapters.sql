{# adapters: DuckDB's way of making, changing and describing relations. #}

{# What is attached may be of another kind: SQLite has one schema, MySQL's are its databases, which are there. #}
{% macro duckdb__create_schema(relation) -%}
  {%- if relation.database and relation.database | lower != target.database | lower -%}
    {%- set kinds = run_query("select type from duckdb_databases() where lower(database_name) = lower('" ~ relation.database ~ "')") -%}
    {%- set kind = kinds.columns[0].values() | first | default('duckdb') -%}
    {%- if kind == 'sqlite' and relation.schema | lower != 'main' -%}
      {%- do exceptions.raise_compiler_error("Schema must be 'main' when writing to sqlite, not '" ~ relation.schema ~ "'") -%}
    {%- elif kind in ['sqlite', 'mysql'] -%}
      {{ return(none) }}
    {%- endif -%}
  {%- endif -%}
  {%- call statement('create_schema') -%}
    create schema if not exists {{ relation.without_identifier() }}
  {%- endcall -%}
{% endmacro %}

{% macro duckdb__drop_schema(relation) -%}
  {%- call statement('drop_schema') -%}
    drop schema if exists {{ relation.without_identifier() }} cascade
  {%- endcall -%}
{% endmacro %}

{% macro duckdb__list_schemas(database) -%}
  {%- set sql -%}
    select distinct schema_name
    from information_schema.schemata
    {%- if database %}
    where lower(catalog_name) = '{{ database | lower }}'
    {%- endif -%}
  {%- endset -%}
  {{ return(run_query(sql)) }}
{%- endmacro %}

{% macro duckdb__check_schema_exists(information_schema, schema) -%}
  {%- set sql -%}
    select count(*)
    from information_schema.schemata
    where lower(schema_name) = '{{ schema | lower }}' and lower(catalog_name) = '{{ information_schema.database | lower }}'
  {%- endset -%}
  {{ return(run_query(sql)) }}
{%- endmacro %}

{% macro duckdb__list_relations_without_caching(schema_relation) -%}
  {%- set sql -%}
    select
      '{{ schema_relation.database }}' as database,
      table_name as name,
      table_schema as schema,
      case table_type when 'BASE TABLE' then 'table' when 'VIEW' then 'view' when 'LOCAL TEMPORARY' then 'table' end as type
    from information_schema.tables
    where lower(table_schema) = '{{ schema_relation.schema | lower }}'
      and lower(table_catalog) = '{{ schema_relation.database | lower }}'
  {%- endset -%}
  {{ return(run_query(sql)) }}
{%- endmacro %}

{% macro duckdb__get_columns_in_relation(relation) -%}
  {{ return(adapter.get_columns_in_relation(relation)) }}
{%- endmacro %}

{# partitioned_by, sorted_by: DuckLake's layout of a table's files. What our own materializations build asks the model's
   config for it; whoever calls this from elsewhere gives it. #}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  {%- if config.get('materialized') in ['table', 'incremental'] -%}
    {%- set partitioned_by = partitioned_by or duckdb__get_partitioned_by(relation, temporary) -%}
    {%- set sorted_by = sorted_by or duckdb__get_sorted_by(relation, temporary) -%}
  {%- endif -%}
  {%- if language == 'python' -%}
    {{ return(py_write_table(temporary, relation, compiled_code, partitioned_by, sorted_by)) }}
  {%- elif language != 'sql' -%}
    {%- do exceptions.raise_compiler_error("DuckDB models are written in SQL or Python; this one is in '" ~ language ~ "'") -%}
  {%- endif -%}
  {%- set contract = config.get('contract') -%}
  {%- set layout = duckdb__set_layout(relation, partitioned_by, sorted_by) -%}
  {{- config.get('sql_header', '') or '' }}
  create {{ 'temporary ' if temporary }}table {{ relation.include(database=(not temporary), schema=(not temporary)) }}
  {%- if contract and contract.enforced and not temporary %}
    {{- get_assert_columns_equivalent(compiled_code) }}
    {{ get_table_columns_and_constraints() }};
  {{ layout | join(';\n  ') ~ ';' if layout }}
  insert into {{ relation }} ({{ get_column_names() }}) (
    {{ get_select_subquery(compiled_code) }}
  );
  {%- else %}
    {%- if contract and contract.enforced %}{{ get_assert_columns_equivalent(compiled_code) }}{% endif %}
    {%- if layout %}
  as select * from (
    {{ compiled_code }}
  ) as model_subq limit 0;
  {{ layout | join(';\n  ') }};
  insert into {{ relation }} select * from (
    {{ compiled_code }}
  ) as model_subq;
    {%- else %}
  as (
    {{ compiled_code }}
  );
    {%- endif %}
  {%- endif %}
{%- endmacro %}

{# The code of a model in Python, and how what it returns becomes a table: the statements are sent to the warehouse. #}
{% macro py_write_table(temporary, relation, compiled_code, partitioned_by=none, sorted_by=none) -%}
{%- set frame = '__dbt_python_model_df_' ~ relation.identifier -%}
{%- set name = relation.include(database=(not temporary), schema=(not temporary)) -%}
{%- set layout = duckdb__set_layout(relation, partitioned_by, sorted_by) -%}
{{ compiled_code }}


def materialize(df, con):
    tmp_name = {{ python_text(frame) }}
    con.register(tmp_name, df)
    con.execute({{ python_text('create ' ~ ('temporary ' if temporary else '') ~ 'table ' ~ name
                               ~ ' as select * from "' ~ frame ~ '"' ~ (' limit 0' if layout else '')) }})
{%- for statement in layout %}
    con.execute({{ python_text(statement) }})
{%- endfor %}
{%- if layout %}
    con.execute({{ python_text('insert into ' ~ name ~ ' select * from "' ~ frame ~ '"') }})
{%- endif %}
    con.unregister(tmp_name)
{% endmacro %}

{# As Python writes a string, which is how a list prints the one in it. #}
{% macro python_text(text) -%}
  {{ return(([text] | string)[1:-1]) }}
{%- endmacro %}

{% macro duckdb__create_view_as(relation, sql) -%}
  {{- config.get('sql_header', '') or '' }}
  {%- if config.get('contract') and config.get('contract').enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
  create view {{ relation }} as (
    {{ sql }}
  );
{%- endmacro %}

{% macro duckdb__drop_relation(relation) -%}
  {%- call statement('drop_relation', auto_begin=False) -%}
    drop {{ relation.type }} if exists {{ relation }} {{- ' cascade' if not adapter.is_ducklake(relation) }}
  {%- endcall -%}
{% endmacro %}

{% macro duckdb__rename_relation(from_relation, to_relation) -%}
  {#- a table with indexes cannot be renamed -#}
  {%- do drop_indexes_on_relation(from_relation) -%}
  {%- call statement('rename_relation') -%}
    alter {{ to_relation.type or 'table' }} {{ from_relation }} rename to {{ adapter.quote(to_relation.identifier) }}
  {%- endcall -%}
{% endmacro %}

{% macro drop_indexes_on_relation(relation) -%}
  {%- for name in adapter.indexes_on(relation) -%}
    {%- call statement('drop_index') -%}
      drop index if exists {{ relation.include(identifier=false) }}.{{ adapter.quote(name) }}
    {%- endcall -%}
  {%- endfor -%}
{%- endmacro %}

{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
  {%- set index = adapter.parse_index(index_dict) -%}
  create {{ 'unique ' if index.unique }}index
  {{ adapter.quote(index.render(relation)) }}
  on {{ relation }} ({{ index.columns | join(', ') }});
{%- endmacro %}

{% macro duckdb__make_temp_relation(base_relation, suffix) %}
  {{ return(base_relation.incorporate(path={
      'identifier': base_relation.identifier ~ suffix ~ py_current_timestring(), 'schema': none, 'database': none})) }}
{% endmacro %}

{% macro duckdb__truncate_relation(relation) -%}
  {%- call statement('truncate_relation') -%}
    delete from {{ relation }}
  {%- endcall -%}
{% endmacro %}

{% macro duckdb__current_timestamp() -%}
  now()
{%- endmacro %}

{% macro duckdb__snapshot_get_time() -%}
  {{ current_timestamp() }}::timestamp
{%- endmacro %}

{% macro duckdb__get_snapshot_get_time_data_type() %}
  {{ return('TIMESTAMP') }}
{% endmacro %}

{% macro duckdb__snapshot_string_as_time(timestamp) -%}
  {{ return("'" ~ timestamp ~ "'::timestamp") }}
{%- endmacro %}

{% macro duckdb__alter_column_type(relation, column_name, new_column_type) -%}
  {%- call statement('alter_column_type') -%}
    alter table {{ relation }} alter column {{ adapter.quote(column_name) }} type {{ new_column_type }}
  {%- endcall -%}
{% endmacro %}

{# One change a statement: DuckDB takes no more. #}
{% macro duckdb__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
  {%- for column in add_columns or [] -%}
    {%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' add column ' ~ api.Relation.create(identifier=column.name) ~ ' ' ~ column.data_type) -%}
  {%- endfor -%}
  {%- for column in remove_columns or [] -%}
    {%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' drop column ' ~ api.Relation.create(identifier=column.name)) -%}
  {%- endfor -%}
{% endmacro %}

{% macro duckdb__get_incremental_default_sql(arg_dict) %}
  {%- do return(get_incremental_delete_insert_sql(arg_dict)) -%}
{% endmacro %}

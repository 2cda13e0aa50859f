{# upstream: for on-run-start: a fresh database gets views of the external models that this run reads but does not build. #}

{% macro register_upstream_external_models() %}
  {%- if not execute -%}
    {{ return('') }}
  {%- endif -%}
  {%- set parents = [] -%}
  {%- for id in selected_resources if id in graph['nodes'] -%}
    {%- do parents.extend(graph['nodes'][id]['depends_on']['nodes']) -%}
  {%- endfor -%}
  {%- for id in parents | unique if id in graph['nodes'] and id not in selected_resources -%}
    {%- set parent = graph['nodes'][id] -%}
    {%- if parent.config.materialized == 'external' -%}
      {%- set relation = api.Relation.create(database=parent.database, schema=parent.schema, identifier=parent.alias) -%}
      {%- set location = render(parent.config.get('location') or external_location(relation, parent.config)) -%}
      {%- set options = render_write_options(parent.config) -%}
      {%- do adapter.external_write_options(location, options) -%}
      {%- call statement('register_upstream') -%}
        create schema if not exists {{ relation.without_identifier() }};
        create or replace view {{ relation }} as (
          select * from {{ external_reader(adapter.external_read_location(location, options), options, parent.config) }}
        );
      {%- endcall -%}
      {%- do adapter.cache_added(relation.incorporate(type='view')) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- do adapter.commit() -%}
{% endmacro %}

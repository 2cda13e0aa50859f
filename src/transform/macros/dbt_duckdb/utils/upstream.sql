{# upstream: views over the files of external models that a run reads and does not build: for on-run-start. #}

{% macro register_upstream_external_models() -%}
  {%- if execute -%}
    {%- set registered = [] -%}
    {%- for selected in selected_resources if selected in graph.nodes -%}
      {%- for parent in graph.nodes[selected].depends_on.nodes
            if parent in graph.nodes and parent not in registered and parent not in selected_resources -%}
        {%- set node = graph.nodes[parent] -%}
        {%- if node.resource_type in ('model', 'seed') and node.config.materialized == 'external' -%}
          {%- do registered.append(parent) -%}
          {%- do register_external_model(node) -%}
        {%- endif -%}
      {%- endfor -%}
    {%- endfor -%}
    {%- if registered -%}
      {%- do adapter.commit() -%}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{% macro register_external_model(node) -%}
  {%- set relation = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias) -%}
  {%- set location = render(node.config.get('location', external_location(relation, node.config))) -%}
  {%- set options = node.config.get('options', {}) -%}
  {%- call statement('main') -%}
    create schema if not exists {{ relation.without_identifier() }}
  {%- endcall -%}
  {%- call statement('main') -%}
    create or replace view {{ relation }} as (
      select * from '{{ escape_single_quotes(adapter.external_read_location(location, options)) }}'
    );
  {%- endcall -%}
  {%- do adapter.cache_added(relation.incorporate(type='view')) -%}
{%- endmacro %}

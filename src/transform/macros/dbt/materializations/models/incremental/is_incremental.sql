{# is_incremental: whether a model adds to a table that is there, rather than building it anew. #}

{% macro is_incremental() %}
  {#- templates are rendered once without a warehouse, to learn what they depend on #}
  {%- if not execute -%}
    {{ return(False) }}
  {%- endif -%}
  {%- set relation = load_cached_relation(this) -%}
  {{ return(relation is not none
            and relation.type == 'table'
            and model.config.materialized == 'incremental'
            and not should_full_refresh()) }}
{% endmacro %}

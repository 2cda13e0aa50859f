{#- The data set stores measures scaled to 0..1 between two bounds (data/README.md); this gives the measure back. -#}
{% macro unscale(column, low, high, digits=1) -%}
    round({{ low }} + {{ column }} * ({{ high }} - ({{ low }})), {{ digits }})
{%- endmacro %}

{#- Buckets of a measure, as 'from to' labels that sort by their number. -#}
{% macro bucket(column, width) -%}
    cast(floor({{ column }} / {{ width }}) * {{ width }} as integer)
{%- endmacro %}

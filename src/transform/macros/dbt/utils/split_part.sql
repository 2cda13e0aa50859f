{# split_part: one part of a text that a delimiter cuts. #}

{% macro split_part(string_text, delimiter_text, part_number) %}
  {{ return(adapter.dispatch('split_part', 'dbt')(string_text, delimiter_text, part_number)) }}
{% endmacro %}

{% macro default__split_part(string_text, delimiter_text, part_number) -%}
    {%- if part_number >= 0 -%}
    split_part(
        {{ string_text }},
        {{ delimiter_text }},
        {{ part_number }}
        )
    {%- else -%}
    {{ dbt._split_part_negative(string_text, delimiter_text, part_number) }}
    {%- endif -%}
{%- endmacro %}

{# Counted from the end: as many parts as there are, less what was asked for. #}
{% macro _split_part_negative(string_text, delimiter_text, part_number) -%}
    split_part(
        {{ string_text }},
        {{ delimiter_text }},
          length({{ string_text }})
          - length(
              replace({{ string_text }}, {{ delimiter_text }}, '')
          ) + 2 + {{ part_number }}
        )
{%- endmacro %}

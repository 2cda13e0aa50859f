{# normalize: configs that take one text or a list of texts, as a list. #}

{% macro normalize_string_or_list(raw, field_name) %}
  {%- if raw is none or raw is undefined -%}
    {{ return([]) }}
  {%- elif raw is string -%}
    {{ return([raw]) }}
  {%- elif raw is mapping or raw is not sequence -%}
    {%- do exceptions.raise_compiler_error(field_name ~ ' must be a list of strings or a string') -%}
  {%- endif -%}
  {%- for item in raw if item is not string -%}
    {%- do exceptions.raise_compiler_error(field_name ~ ' list values must be non-empty strings') -%}
  {%- endfor -%}
  {{ return(raw | list) }}
{% endmacro %}

{% macro season(day) -%}
    case
        when month({{ day }}) in (12, 1, 2) then 'winter'
        when month({{ day }}) in (3, 4, 5) then 'spring'
        when month({{ day }}) in (6, 7, 8) then 'summer'
        else 'autumn'
    end
{%- endmacro %}

{#- Parts of the day as riders use them; the last hour of each is named, so that the list can be changed in one place. -#}
{% macro part_of_day(hour) -%}
    {%- set parts = [(5, 'night'), (9, 'morning peak'), (15, 'midday'), (19, 'evening peak'), (23, 'late evening')] -%}
    case
    {%- for last, name in parts %}
        when {{ hour }} <= {{ last }} then '{{ name }}'
    {%- endfor %}
    end
{%- endmacro %}

{#- Share of a part in a whole; null where there is no whole. -#}
{% macro share(part, whole, digits=4) -%}
    round({{ part }} / nullif({{ whole }}, 0), {{ digits }})
{%- endmacro %}

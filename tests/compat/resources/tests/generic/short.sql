{% test short(model, column_name) %} {{ config(severity='warn', fail_calc='sum(n)', warn_if='>2', error_if='>100') }} select length({{ column_name }}::varchar) as n from {{ model }} {% endtest %}

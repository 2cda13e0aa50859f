{% test above(model, column_name, least=0) %}
{{ config(tags=['bounds']) }}
select * from {{ model }} where {{ column_name }} < {{ least }}
{% endtest %}

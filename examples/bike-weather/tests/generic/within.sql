{#- A column stays within two bounds; rows without a value are another test's matter. -#}
{% test within(model, column_name, least, most) %}
select *
from {{ model }}
where {{ column_name }} < {{ least }} or {{ column_name }} > {{ most }}
{% endtest %}

{# builtin: the four tests that every project has. Packages keep their SQL as text and compare it, so that its white
   space is dbt's. #}

{% test unique(model, column_name) %}
    {% set rows = adapter.dispatch('test_unique', 'dbt') %}
    {{ rows(model, column_name) }}
{% endtest %}

{% test not_null(model, column_name) %}
    {% set rows = adapter.dispatch('test_not_null', 'dbt') %}
    {{ rows(model, column_name) }}
{% endtest %}

{% test accepted_values(model, column_name, values, quote=True) %}
    {% set rows = adapter.dispatch('test_accepted_values', 'dbt') %}
    {{ rows(model, column_name, values, quote) }}
{% endtest %}

{% test relationships(model, column_name, to, field) %}
    {% set rows = adapter.dispatch('test_relationships', 'dbt') %}
    {{ rows(model, column_name, to, field) }}
{% endtest %}

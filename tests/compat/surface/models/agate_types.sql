{% if execute %}
{% set t = run_query("select 5 as whole, 1.50::decimal(5,2) as exact, 0.5::double as real, '005' as text, date '2024-01-02' as day, timestamp '2024-01-02 03:04:05' as moment, true as flag, null as nothing, [1, 2] as list, {'a': 1} as struct, 1 as twice, 2 as twice, 12345678901234567890::hugeint as big") %}
{% set pairs = [('names', t.column_names)] %}
{% for column in t.columns %}{% do pairs.append((column.name, column.values())) %}{% endfor %}
{{ rows(pairs) }}
{% else %} select 1 as x
{% endif %}

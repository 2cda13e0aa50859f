{{ dbt.date_spine('month', "cast('2024-01-01' as date)", "cast('2024-06-01' as date)") }}

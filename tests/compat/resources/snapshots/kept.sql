{% snapshot kept %}
{{ config(target_schema='main', unique_key='id', strategy='timestamp', updated_at='day::timestamp', hard_deletes='new_record', dbt_valid_to_current="date '9999-12-31'", snapshot_meta_column_names={'dbt_valid_from': 'since'}) }}
select * from {{ ref('orders') }}
{% endsnapshot %}

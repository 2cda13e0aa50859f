{{ config(materialized='incremental', unique_key=['id', 'day'], incremental_predicates=["1 = 1"], on_schema_change='append_new_columns') }}
select id, day, amount from {{ ref('orders') }}

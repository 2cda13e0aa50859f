{{ config(materialized='incremental', unique_key='id', incremental_predicates=["id < 100"]) }}
select id, price from {{ ref('things_now') }}

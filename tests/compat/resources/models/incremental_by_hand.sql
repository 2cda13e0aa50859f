{{ config(materialized='incremental', incremental_strategy='by_hand', unique_key='id') }}
select 1 as id, {{ 2 if is_incremental() else 1 }} as n

{{ config(materialized='incremental', incremental_strategy='append') }}
select id, price, {{ var('step') }} as step from {{ ref('things_now') }}

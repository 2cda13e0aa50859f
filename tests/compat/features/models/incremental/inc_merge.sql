{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge', merge_exclude_columns=['first_step']) }}
select id, price, {{ var('step') }} as first_step, {{ var('step') }} as last_step from {{ ref('things_now') }}

{{ config(materialized='incremental', unique_key=['id', 'name'], incremental_strategy='delete+insert') }}
select id, name, price, {{ var('step') }} as step from {{ ref('things_now') }}
{% if is_incremental() %}where price > (select min(price) from {{ this }}){% endif %}

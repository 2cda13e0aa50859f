{{ config(materialized='ephemeral') }}
select id, price * {{ var('rate') }} as price from {{ ref('things_now') }}

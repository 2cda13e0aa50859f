{{ config(materialized='ephemeral') }}
with base as (select * from {{ ref('eph_base') }})
select id, price + 1 as price from base

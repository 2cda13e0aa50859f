{{ config(materialized='table', grants={'+select': ['writer']}) }}
select id, day, amount from {{ ref('raw_orders') }}

select id, price, price * 100 as cents from {{ ref('things_now') }}

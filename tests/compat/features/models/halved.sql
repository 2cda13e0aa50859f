select id, price / 2 as price from {{ ref('things_now') }}

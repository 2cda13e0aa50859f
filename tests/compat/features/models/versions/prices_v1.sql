select id, price from {{ ref('things_now') }}

select id, {{ double('price') }} as price, {{ var('bonus', 0) }} as bonus from {{ ref('things_now') }}

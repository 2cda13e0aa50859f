select * from {{ ref('inc_append') }} where price > 20

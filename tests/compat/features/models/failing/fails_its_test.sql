select 1 as id
union all
select 1 from {{ ref('things_now') }}

with a as (select * from {{ ref('eph_middle') }}), b as (select * from {{ ref('eph_base') }})
select a.id, a.price as middle, b.price as base from a join b using (id)

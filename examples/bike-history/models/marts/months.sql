with months as (
    select
        month_start,
        cast(sum(hires) as bigint) as hires,
        count(*) as days,
        round(avg(day_max_c), 1) as mean_max_c
    from {{ ref('days') }}
    group by month_start
)

select
    month_start,
    hires,
    days,
    mean_max_c,
    lag(hires, 12) over (order by month_start) as hires_a_year_before,
    round(hires / lag(hires, 12) over (order by month_start) - 1, 3) as growth
from months

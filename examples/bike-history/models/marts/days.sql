select
    day,
    cast(year(day) as integer) as year,
    cast(date_trunc('month', day) as date) as month_start,
    isodow(day) < 6 as is_weekday,
    count(*) as hours,
    cast(sum(hires) as bigint) as hires,
    any_value(day_min_c) as day_min_c,
    any_value(day_max_c) as day_max_c,
    any_value(precipitation) as precipitation
from {{ ref('stg_counts') }}
group by day

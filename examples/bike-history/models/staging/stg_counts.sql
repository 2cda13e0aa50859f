select
    cast(counted_at as timestamp) as counted_at,
    cast(counted_at as date) as day,
    cast(hires as integer) as hires,
    cast(day_min_c as double) as day_min_c,
    cast(day_max_c as double) as day_max_c,
    cast(precipitation as double) as precipitation
from {{ source('counts', 'counts_hourly') }}

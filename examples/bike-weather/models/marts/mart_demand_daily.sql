select
    hourly.ride_date,
    hourly.month_start,
    hourly.weekday,
    hourly.season,
    hourly.is_working_day,
    hourly.holiday_name,
    cast(sum(hourly.rides_casual) as bigint) as rides_casual,
    cast(sum(hourly.rides_registered) as bigint) as rides_registered,
    cast(sum(hourly.rides_total) as bigint) as rides_total,
    arg_max(hourly.hour_of_day, hourly.rides_total * 24 - hourly.hour_of_day) as busiest_hour,  -- the first of several
    count(*) filter (where hourly.is_wet) as wet_hours,
    any_value(daily.temperature_min_c) as temperature_min_c,
    any_value(daily.temperature_max_c) as temperature_max_c
from {{ ref('mart_demand_hourly') }} as hourly
left join {{ ref('stg_weather_daily') }} as daily on daily.weather_date = hourly.ride_date
group by all

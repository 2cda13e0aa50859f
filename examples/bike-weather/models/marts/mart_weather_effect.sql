-- How hires of an hour depend on weather, against the mean of the same hour and kind of day: 1 is an ordinary hour.
with usual as (
    select
        season,
        hour_of_day,
        is_working_day,
        avg(rides_total) as usual_rides
    from {{ ref('mart_demand_hourly') }}
    group by all
)

select
    hourly.season,
    hourly.is_working_day,
    hourly.conditions,
    {{ bucket('hourly.temperature_c', 5) }} as temperature_from_c,
    count(*) as hours,
    round(avg(hourly.rides_total), 1) as rides_an_hour,
    round(sum(hourly.rides_total) / sum(usual.usual_rides), 3) as against_usual
from {{ ref('mart_demand_hourly') }} as hourly
inner join usual using (season, hour_of_day, is_working_day)
where hourly.conditions is not null
group by all

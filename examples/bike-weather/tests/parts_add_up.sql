-- Casual and registered riders are all riders.
select *
from {{ ref('fct_rides_hourly') }}
where rides_casual + rides_registered != rides_total

-- The one hour of 2011 with heavy rain or snow, and the hours around it that nobody rode at all.
select ride_hour, conditions, temperature_c, rides_total
from {{ ref('mart_demand_hourly') }}
where ride_date between date '2011-01-25' and date '2011-01-28'
order by ride_hour

-- One row an hour with everything the pages ask for: hires, calendar, weather.
select
    rides.ride_hour,
    rides.ride_date,
    dates.month_start,
    rides.hour_of_day,
    rides.part_of_day,
    dates.weekday_number,
    dates.weekday,
    dates.season,
    dates.is_working_day,
    dates.is_holiday,
    dates.holiday_name,
    rides.rides_casual,
    rides.rides_registered,
    rides.rides_total,
    {{ share('rides.rides_casual', 'rides.rides_total') }} as casual_share,
    weather.conditions,
    weather.is_wet,
    weather.temperature_c,
    weather.feels_like_c,
    weather.humidity_percent,
    weather.wind_kmh
from {{ ref('fct_rides_hourly') }} as rides
inner join {{ ref('dim_date') }} as dates on dates.date_day = rides.ride_date
left join {{ ref('fct_weather_hourly') }} as weather on weather.weather_hour = rides.ride_hour

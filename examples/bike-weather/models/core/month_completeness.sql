-- What has arrived of each month. The hours without a hire are absent in the data set, so a month is never quite full.
select
    dates.month_start,
    count(distinct dates.date_day) as days_expected,
    count(distinct rides.ride_date) as days_seen,
    count(rides.ride_hour) as hours_seen,
    cast(coalesce(sum(rides.rides_total), 0) as bigint) as rides_total
from {{ ref('dim_date') }} as dates
left join {{ ref('fct_rides_hourly') }} as rides on rides.ride_date = dates.date_day
group by dates.month_start

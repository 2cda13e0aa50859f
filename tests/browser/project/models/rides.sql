{{ config(materialized='table', tags=['mart']) }}
-- Invented: a year of hours with the shape of a city's rides.
select
    hour_of_day,
    day::date as ride_date,
    dayname(day) as weekday,
    isodow(day) as weekday_number,
    isodow(day) < 6 and h.holiday_date is null as is_working_day,
    case
        when month(day) in (12, 1, 2) then 'winter' when month(day) in (3, 4, 5) then 'spring'
        when month(day) in (6, 7, 8) then 'summer' else 'autumn'
    end as season,
    10 + 18 * sin((dayofyear(day) - 110) / 365.0 * 2 * pi()) + (hash(hour_of_day, day) % 60) / 10.0 as temperature,
    (20 + 120 * greatest(0, sin((dayofyear(day) - 60) / 365.0 * 4.08)))
    * case
        when isodow(day) < 6
            then exp(-power(hour_of_day - 8, 2) / 3) * 2.4 + exp(-power(hour_of_day - 17.5, 2) / 5) * 3 + exp(-power(hour_of_day - 13, 2) / 18)
        else exp(-power(hour_of_day - 14, 2) / 18) * 2.2
    end + (hash(day, hour_of_day) % 15) as rides
from range(timestamp '2011-01-01', timestamp '2012-01-01', interval 1 day) as days(day)
cross join range(24) as hours(hour_of_day)
left join {{ ref('holidays') }} as h on h.holiday_date = day::date

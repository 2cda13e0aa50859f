with days as (
    select cast(day as date) as date_day
    from generate_series(date '{{ var("first_day") }}', date '{{ var("last_day") }}', interval 1 day) as series(day)
)

select
    days.date_day,
    cast(date_trunc('month', days.date_day) as date) as month_start,
    isodow(days.date_day) as weekday_number,
    dayname(days.date_day) as weekday,
    {{ season('days.date_day') }} as season,
    isodow(days.date_day) >= 6 as is_weekend,
    holidays.holiday_date is not null as is_holiday,
    holidays.holiday_name,
    isodow(days.date_day) < 6 and holidays.holiday_date is null as is_working_day
from days
left join {{ ref('stg_holidays') }} as holidays on holidays.holiday_date = days.date_day

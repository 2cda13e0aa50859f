-- Two holidays can fall on one day; a day is listed once, with both names.
select
    holiday_date,
    string_agg(holiday_name, ', ' order by holiday_name) as holiday_name
from {{ ref('public_holidays') }}
group by holiday_date

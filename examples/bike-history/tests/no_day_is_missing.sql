-- Between the first and the last day there is every day: no partition was forgotten.
select min(day) as first_day, max(day) as last_day, count(*) as days
from {{ ref('days') }}
having date_diff('day', min(day), max(day)) + 1 != count(*)

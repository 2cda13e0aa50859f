-- Once every month is there, the sum must be the published one to the last hire.
select sum(rides_total) as rides_total
from {{ ref('month_completeness') }}
having count(*) filter (where days_seen < days_expected) = 0
    and sum(rides_total) != {{ var('published_total') }}

{{ config(severity='warn') }}
-- A month that is missing is said, not failed: June arrives late.
select month_start, days_expected, days_seen
from {{ ref('month_completeness') }}
where days_seen < days_expected

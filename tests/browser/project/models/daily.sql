select ride_date, season, sum(rides) as rides_a_day from {{ ref('rides') }} group by all

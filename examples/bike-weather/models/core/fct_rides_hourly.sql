{{ config(
    materialized='incremental',
    unique_key='ride_hour',
    incremental_strategy='delete+insert',
    on_schema_change='append_new_columns'
) }}

-- A delivery replaces the hours it holds: a month that arrives late, or is delivered again, needs no full refresh.
select
    rides.ride_hour,
    rides.ride_date,
    cast(hour(rides.ride_hour) as integer) as hour_of_day,
    {{ part_of_day('hour(rides.ride_hour)') }} as part_of_day,
    rides.rides_casual,
    rides.rides_registered,
    rides.rides_total
from {{ ref('stg_rides') }} as rides
{% if is_incremental() %}
where not exists (
    select 1
    from {{ this }} as known
    where known.ride_hour = rides.ride_hour
        and known.rides_casual = rides.rides_casual
        and known.rides_registered = rides.rides_registered
)
{% endif %}

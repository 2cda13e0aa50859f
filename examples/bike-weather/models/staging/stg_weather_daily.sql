select
    cast("time" as date) as weather_date,
    {{ unscale('temperature_max', -8, 39) }} as temperature_max_c,
    {{ unscale('temperature_min', -8, 39) }} as temperature_min_c,
    cast(hours_observed as integer) as hours_observed
from {{ source('weather', 'weather_daily') }}

select
    cast(observed_at as timestamp) as weather_hour,
    conditions,
    {{ unscale('temperature', -8, 39) }} as temperature_c,
    {{ unscale('feels_like', -16, 50) }} as feels_like_c,
    {{ unscale('humidity', 0, 100, digits=0) }} as humidity_percent,
    {{ unscale('wind_speed', 0, 67) }} as wind_kmh
from {{ source('weather', 'weather_hourly') }}

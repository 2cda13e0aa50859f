select
    weather_hour,
    cast(weather_hour as date) as weather_date,
    conditions,
    conditions in ('light rain/snow', 'heavy rain/snow') as is_wet,
    temperature_c,
    feels_like_c,
    case when humidity_percent > 0 then humidity_percent end as humidity_percent,
    wind_kmh
from {{ ref('stg_weather') }}

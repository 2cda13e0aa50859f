select
    cast(started_at as timestamp) as ride_hour,
    cast(started_at as date) as ride_date,
    cast(casual as integer) as rides_casual,
    cast(registered as integer) as rides_registered,
    cast(total as integer) as rides_total
from {{ source('bikeshare', 'rides') }}

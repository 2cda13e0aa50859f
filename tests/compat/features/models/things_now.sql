-- what is true at the step that the variable says
select id, name, price, cast(updated_at as timestamp) as updated_at
from {{ ref('things') }}
where step = {{ var('step') }}

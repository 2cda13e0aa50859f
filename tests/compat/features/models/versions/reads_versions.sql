select a.id, a.price, b.cents, c.cents as latest
from {{ ref('prices', v=1) }} as a
join {{ ref('prices', version=2) }} as b using (id)
join {{ ref('features', 'prices') }} as c using (id)

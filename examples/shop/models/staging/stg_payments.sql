select
    id as payment_id,
    order_id,
    method,
    cast(amount_cents / 100 as decimal(12, 2)) as amount
from {{ ref('raw_payments') }}

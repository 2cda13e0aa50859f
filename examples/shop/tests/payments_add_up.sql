-- What the orders say was paid is what the payments say.
select paid.amount, ordered.amount
from (select sum(amount) as amount from {{ ref('stg_payments') }}) as paid
cross join (select sum(amount) as amount from {{ ref('orders') }}) as ordered
where paid.amount != ordered.amount

with bought as (
    select
        customer_id,
        min(ordered_on) as first_order_on,
        max(ordered_on) as latest_order_on,
        count(*) as orders,
        sum(amount) as lifetime_value
    from {{ ref('orders') }}
    where status != 'returned'
    group by customer_id
)

select
    customers.customer_id,
    customers.first_name || ' ' || customers.last_name as name,
    customers.joined_on,
    bought.first_order_on,
    bought.latest_order_on,
    coalesce(bought.orders, 0) as orders,
    coalesce(bought.lifetime_value, 0) as lifetime_value
from {{ ref('stg_customers') }} as customers
left join bought using (customer_id)

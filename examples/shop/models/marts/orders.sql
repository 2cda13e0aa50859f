{% set methods = ['credit_card', 'bank_transfer', 'coupon', 'gift_card'] %}

with paid as (
    select
        order_id,
        {%- for method in methods %}
        sum(amount) filter (where method = '{{ method }}') as {{ method }}_amount,
        {%- endfor %}
        sum(amount) as amount
    from {{ ref('stg_payments') }}
    group by order_id
)

select
    orders.order_id,
    orders.customer_id,
    orders.ordered_on,
    orders.status,
    {%- for method in methods %}
    coalesce(paid.{{ method }}_amount, 0) as {{ method }}_amount,
    {%- endfor %}
    coalesce(paid.amount, 0) as amount
from {{ ref('stg_orders') }} as orders
left join paid using (order_id)

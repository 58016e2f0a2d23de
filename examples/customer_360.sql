-- One customer at a glance, as a service reads it.
begin;
\ir shop.sql

select
    customer_id,
    first_name,
    customer_type,
    lifecycle_stage,
    customer_temperature,
    lifetime_value,
    total_orders,
    avg_order_value,
    days_since_last_order,
    family_members_count,
    total_interactions,
    avg_days_between_orders
from trustcart.customer_360_view
where customer_id between 9001 and 9005
order by customer_id;

rollback;

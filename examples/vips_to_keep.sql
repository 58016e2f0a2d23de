-- Customers worth a call from the manager: VIPs by orders or spend who have not ordered for a month, and what to do.
begin;
\ir shop.sql

select
    v.customer_id,
    v.first_name,
    v.lifetime_value,
    v.days_since_last_order,
    v.lifecycle_stage,
    i.recommended_action,
    i.call_priority
from trustcart.customer_360_view as v
inner join trustcart.customer_intelligence as i on v.customer_id = i.customer_id
where
    v.customer_id between 9001 and 9005
    and v.days_since_last_order > 30
    and (v.total_orders >= 6 or v.lifetime_value >= 50000)
order by v.lifetime_value desc;

rollback;

-- Who has fallen silent, how long, and at what risk; days_inactive is counted from the last order, for today.
begin;
\ir shop.sql

select
    d.customer_id,
    c.first_name,
    trustcart.business_date() - d.last_active_date as days_inactive,
    d.risk_level,
    d.reason,
    c.total_spend as lifetime_value,
    d.recovery_attempted
from trustcart.customer_dropoff_tracking as d
inner join trustcart.customers as c on d.customer_id = c.id
where d.closed_on is null and d.customer_id between 9001 and 9005
order by c.total_spend desc;

rollback;

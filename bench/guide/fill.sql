-- The shop's rows in the guide's tables.
insert into users (id, name, role)
select
    u.id,
    u.name,
    u.role
from trustcart.users as u;
insert into customers (
    id, email, phone, first_name, last_name, date_of_birth, anniversary_date, priority_level, customer_type,
    lifecycle_stage, total_spend, last_order_date, notes
)
select
    c.id,
    c.email,
    c.phone,
    c.first_name,
    c.last_name,
    c.date_of_birth,
    c.anniversary_date,
    c.priority_level,
    c.customer_type,
    c.lifecycle_stage,
    c.total_spend,
    c.last_order_date,
    c.notes
from trustcart.customers as c;
insert into sales_orders (id, customer_id, order_date, total_amount, status)
select
    so.id,
    so.customer_id,
    so.order_date,
    so.total_amount,
    so.status
from trustcart.sales_orders as so;
insert into customer_family_members (customer_id, name, relationship, date_of_birth, phone, created_at)
select
    f.customer_id,
    f.name,
    f.relationship,
    f.date_of_birth,
    f.phone,
    f.created_at
from trustcart.customer_family_members as f;
insert into customer_interactions (
    customer_id, interaction_type, direction, subject, details, outcome, agent_id, interaction_date, follow_up_date
)
select
    i.customer_id,
    i.interaction_type,
    i.direction,
    i.subject,
    i.details,
    i.outcome,
    i.agent_id,
    i.interaction_date,
    i.follow_up_date
from trustcart.customer_interactions as i;
insert into customer_behavior (
    customer_id, avg_order_value, preferred_categories, preferred_payment_method, avg_days_between_orders,
    peak_order_time, has_abandoned_cart, cart_recovery_count
)
select
    b.customer_id,
    b.avg_order_value,
    b.preferred_categories,
    b.preferred_payment_method,
    b.avg_days_between_orders,
    b.peak_order_time,
    b.has_abandoned_cart,
    b.cart_recovery_count
from trustcart.customer_behavior as b;
insert into crm_call_tasks (customer_id, assigned_agent_id, task_type, priority, task_date, status, outcome, notes)
select
    t.customer_id,
    t.assigned_agent_id,
    t.task_type,
    t.priority,
    t.task_date,
    t.status,
    t.outcome,
    t.notes
from trustcart.crm_call_tasks as t;

-- requires: customer_360_parts

-- The columns stand in the guide's order. What is not of customers itself is shown where the ids are equal: see there.
create or replace view trustcart.customer_360_view
with (security_invoker = true) as
select  -- noqa: ST06
    c.id as customer_id,
    c.first_name,
    c.last_name,
    case when c.id = k.customer_id then k.email end::trustcart.email_address as email,
    case when c.id = k.customer_id then k.phone end as phone,
    c.customer_type,
    c.lifecycle_stage,
    c.priority_level as customer_temperature,
    c.total_spend as lifetime_value,
    c.order_count as total_orders,
    case when c.id = k.customer_id then k.avg_order_value end::numeric(12, 2) as avg_order_value,
    c.last_order_date,
    -- business_date(), read once a query: the call itself would take longer than the customer.
    (select (now() at time zone s.time_zone)::date from trustcart.settings as s) - c.last_order_date
        as days_since_last_order,
    c.family_members_count,
    c.interactions_count as total_interactions,
    case when c.id = k.customer_id then k.preferred_categories end as preferred_categories,
    case when c.id = k.customer_id then k.avg_days_between_orders end as avg_days_between_orders,
    case when c.id = k.customer_id then k.mobile end as mobile,
    c.assigned_agent_id,
    c.is_active,
    c.first_order_date,
    c.last_order_date + case when c.id = k.customer_id then k.avg_days_between_orders end as next_order_expected_on,
    c.state_as_of,
    case when c.id = k.customer_id then k.loyalty_tier end as loyalty_tier
from trustcart.customers as c
left join trustcart_private.customer_360_parts as k on c.id = k.customer_id;

comment on view trustcart.customer_360_view is
'All of a customer in one row (guide: "customer_360_view"). One customer, or a page sorted by lifetime_value or
last_order_date, reads no other rows: nothing is joined that multiplies. E-mail and phones are masked for who may not
select trustcart.customers.phone.';
comment on column trustcart.customer_360_view.customer_id is 'The customer.';
comment on column trustcart.customer_360_view.first_name is 'Given name.';
comment on column trustcart.customer_360_view.last_name is 'Family name.';
comment on column trustcart.customer_360_view.email is 'E-mail address.';
comment on column trustcart.customer_360_view.phone is 'Phone number as it was typed.';
comment on column trustcart.customer_360_view.customer_type is 'new, repeat, vip, inactive; null before an order.';
comment on column trustcart.customer_360_view.lifecycle_stage is 'prospect, new, active, at_risk or churned.';
comment on column trustcart.customer_360_view.customer_temperature is 'hot, warm or cold.';
comment on column trustcart.customer_360_view.lifetime_value is 'Sum of the counted orders, in taka.';
comment on column trustcart.customer_360_view.total_orders is 'Counted orders.';
comment on column trustcart.customer_360_view.avg_order_value is 'Mean amount of a counted order, in taka.';
comment on column trustcart.customer_360_view.last_order_date is 'Date of the last counted order.';
comment on column trustcart.customer_360_view.days_since_last_order is
'Days from it to business_date(); null without an order.';
comment on column trustcart.customer_360_view.family_members_count is 'Family members on record.';
comment on column trustcart.customer_360_view.total_interactions is 'Contacts on record, of any channel.';
comment on column trustcart.customer_360_view.preferred_categories is
'Names of the categories bought most often, the most frequent first.';
comment on column trustcart.customer_360_view.avg_days_between_orders is
'Mean days between consecutive counted orders; null below two.';
comment on column trustcart.customer_360_view.mobile is 'Second number, as it was typed.';
comment on column trustcart.customer_360_view.assigned_agent_id is 'The customer''s own agent.';
comment on column trustcart.customer_360_view.is_active is 'False: not to be contacted or planned for any more.';
comment on column trustcart.customer_360_view.first_order_date is 'Date of the first counted order.';
comment on column trustcart.customer_360_view.next_order_expected_on is
'last_order_date plus the customer''s own rhythm; null below two orders.';
comment on column trustcart.customer_360_view.state_as_of is
'The business date that type, stage and temperature speak of.';
comment on column trustcart.customer_360_view.loyalty_tier is 'Tier of the loyalty programme; null: none yet.';

-- A plain INSERT with the guide's columns, and nothing else, works on every table of the guide that exists.
begin;
select plan(19);

select lives_ok(
    $$insert into trustcart.users (name, email, role) values ('Agent 1', 'agent1@example.com', 'crm_agent')$$, 'users'
);
select lives_ok(
    $$insert into trustcart.customers (
        first_name, last_name, email, phone, date_of_birth, anniversary_date, priority_level, customer_type,
        lifecycle_stage, total_spend, last_order_date, notes
    )
    values (
        'John', 'Doe', 'john@example.com', '01700000000', '1990-05-01', '2015-06-01', 'hot', 'vip', 'active', 15000,
        '2025-12-01', 'likes honey'
    )$$,
    'customers'
);
select lives_ok(
    $$insert into trustcart.customers (first_name) values ('Jo')$$, 'customers, with next to nothing'
);
create temporary table person as
select c.id as customer_id, u.id as agent_id
from trustcart.customers as c cross join trustcart.users as u
where c.last_name = 'Doe';
select lives_ok(
    $$insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
    select p.customer_id, date '2025-12-01', 3000, 'delivered' from person as p$$,
    'sales_orders'
);
select lives_ok(
    $$insert into trustcart.customer_family_members (
        customer_id, name, relationship, date_of_birth, phone, address, notes
    )
    select p.customer_id, 'Jane Doe', 'spouse', date '1995-03-15', '01700000001', 'Dhaka, Bangladesh', 'tea'
    from person as p$$,
    'customer_family_members'
);
select lives_ok(
    $$insert into trustcart.customer_interactions (
        customer_id, interaction_type, direction, subject, details, outcome, agent_id, interaction_date, follow_up_date
    )
    select
        p.customer_id, 'call', 'outbound', 'Product inquiry', 'Customer asked about honey prices', 'successful',
        p.agent_id, timestamp '2025-12-15 10:30', date '2025-12-20'
    from person as p$$,
    'customer_interactions'
);
select lives_ok(
    $$insert into trustcart.customer_behavior (
        customer_id, avg_order_value, preferred_categories, preferred_payment_method, avg_days_between_orders,
        peak_order_time, has_abandoned_cart, cart_recovery_count
    )
    select p.customer_id, 3000, array['Honey'], 'bKash', 25, 'evening', false, 0 from person as p$$,
    'customer_behavior, of a customer who has a row already'
);
select lives_ok(
    $$insert into trustcart.customer_behavior (customer_id, avg_order_value, peak_order_time)
    select c.id, 3000, 'evening' from trustcart.customers as c where c.first_name = 'Jo'$$,
    'customer_behavior, of one who has none'
);
select lives_ok(
    $$insert into trustcart.customer_dropoff_tracking (
        customer_id, last_active_date, days_inactive, risk_level, reason, recovery_attempted, recovery_successful
    )
    select p.customer_id, date '2020-09-15', 95, 'high', 'no answer', true, false from person as p$$,
    'customer_dropoff_tracking'
);
select lives_ok(
    $$insert into trustcart.crm_call_tasks (
        customer_id, assigned_agent_id, task_type, priority, task_date, status, outcome, notes
    )
    select p.customer_id, p.agent_id, t.task_type, 'hot', date '2025-12-19', t.status, t.outcome, 'asked for honey'
    from person as p
    cross join (
        values
        ('new_customer', 'pending', null), ('follow_up', 'completed', 'successful - placed order'),
        ('at_risk', 'skipped', null), ('birthday', 'pending', null), ('repeat_reminder', 'pending', null)
    ) as t (task_type, status, outcome)$$,
    'crm_call_tasks'
);
select is(
    (select t.completed_at is not null from trustcart.crm_call_tasks as t where t.status = 'completed'), true,
    'a completed task gets its completed_at'
);
select lives_ok(
    $$insert into trustcart.crm_call_tasks (customer_id, task_date) select p.customer_id, date '2025-12-19' from person as p$$,
    'crm_call_tasks, with what is NOT NULL in the guide'
);
select lives_ok(
    $$insert into trustcart.customer_engagement_history (customer_id, engagement_type, channel, content, response)
    select p.customer_id, 'offer_sent', 'whatsapp', 'Special 15% discount on honey', 'positive' from person as p$$,
    'customer_engagement_history'
);
select lives_ok(
    $$insert into trustcart.customer_engagement_history (customer_id, engagement_type)
    select p.customer_id, 'call' from person as p$$,
    'customer_engagement_history, with next to nothing'
);
select lives_ok(
    $$with honey as (
        insert into trustcart.products (name, price) values ('Organic Honey 500g', 500) returning id
    )

    insert into trustcart.product_recommendation_rules (
        rule_name, product_id, target_category, target_customer_type, discount_percentage, is_active
    )
    select 'Honey for repeat customers', h.id, 'Honey', 'repeat', 10, true from honey as h$$,
    'product_recommendation_rules'
);
select lives_ok(
    $$insert into trustcart.marketing_campaigns (
        campaign_name, campaign_type, target_segment, message_template, discount_code, start_date, end_date, is_active,
        sent_count, response_count
    )
    values (
        'Winter Sale 2025', 'whatsapp', 'repeat', 'Get 25% off. Use code: WINTER25', 'WINTER25', '2025-12-20',
        '2025-12-31', true, 500, 75
    )$$,
    'marketing_campaigns'
);
select results_eq(
    $$select m.sent_count, m.response_count from trustcart.marketing_campaigns as m where m.discount_code = 'WINTER25'$$,
    $$values (0, 0)$$,
    'its counters are those of its messages'
);
select lives_ok(
    $$insert into trustcart.marketing_campaigns (campaign_name) values ('Eid')$$, 'marketing_campaigns, with next to nothing'
);
select is(
    (select row(c.customer_type, c.total_spend)::text from trustcart.customers as c where c.last_name = 'Doe'),
    (
        select row(s.customer_type, s.total_spend)::text
        from trustcart.customer_state() as s
        inner join person as p on s.customer_id = p.customer_id
    ),
    'derived columns are those of the orders all the same'
);

select * from finish();
rollback;

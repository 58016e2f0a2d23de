-- A shop at release 0.1.0: every important table has rows, in all states that a day at the shop leaves behind.
insert into trustcart.users (name, email, role)
select 'Agent ' || n, 'agent' || n || '@example.com', case when n = 1 then 'crm_manager' else 'crm_agent' end
from generate_series(1, 9) as g (n);

insert into trustcart.categories (id, name)
select n, 'Category ' || n from generate_series(1, 5) as g (n);
insert into trustcart.products (id, name, price, category_id)
select n, 'Product ' || n, 10 * n, 1 + n % 5 from generate_series(1, 30) as g (n);

insert into trustcart.customers (
    id, first_name, last_name, email, phone, gender, date_of_birth, district, assigned_agent_id, created_at
)
select
    n,
    'Given ' || n,
    case when n % 3 > 0 then 'Family ' || n % 40 end,
    case when n % 4 > 0 then 'customer' || n || '@example.com' end,
    case when n % 10 > 0 then '017' || lpad(n::text, 8, '0') end,
    (array['female', 'male', null])[1 + n % 3],
    case when n % 2 = 0 then date '1960-01-01' + (n * 37 % 15000) end,
    'Dhaka',
    case when n % 2 = 0 then 2 + n % 8 end,
    now() - n % 700 * interval '1 day'
from generate_series(1, 1200) as g (n);
select setval(pg_get_serial_sequence('trustcart.' || t, 'id'), 10000) from unnest(array['customers', 'products']) as t;

insert into trustcart.customer_family_members (customer_id, name, relationship, date_of_birth, phone)
select
    1 + n * 7 % 1200, 'Relative ' || n, 'spouse', date '1970-01-01' + n * 11,
    case when n % 3 = 0 then '018' || lpad(n::text, 8, '0') end
from generate_series(1, 500) as g (n);

insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select
    1 + n * 13 % 1100, trustcart.business_date() - n * 17 % 400, 50 + n % 900,
    (array['delivered', 'delivered', 'delivered', 'pending', 'cancelled'])[1 + n % 5]
from generate_series(1, 4000) as g (n);
insert into trustcart.sales_order_items (order_id, product_id, quantity, unit_price)
select o.id, 1 + (o.id * 7 + n) % 30, 1 + n, 25
from trustcart.sales_orders as o cross join generate_series(0, 1) as g (n);

insert into trustcart.customer_interactions (
    customer_id, interaction_type, direction, outcome, agent_id, interaction_date
)
select
    1 + n * 11 % 1200, (array['call', 'whatsapp', 'sms', 'email', 'visit'])[1 + n % 5],
    case when n % 3 = 0 then 'inbound' else 'outbound' end,
    (array['successful', 'no_answer', null])[1 + n % 3], 2 + n % 8, now() - n % 300 * interval '1 day'
from generate_series(1, 2000) as g (n);

select trustcart.record_consent(n, 'sms', n % 5 > 0, 'form') from generate_series(1, 300) as g (n);
insert into trustcart.carts (customer_id, total_amount, abandoned_at)
select n * 3, 100 + n, now() - n % 20 * interval '1 day' from generate_series(1, 200) as g (n);

select trustcart.refresh_customer_state();
select trustcart.detect_dropoffs();
select trustcart.refresh_customer_behavior();
select trustcart.refresh_recommendations();
select trustcart.generate_daily_call_tasks();
select trustcart.complete_call_task(t.id, 'successful', 'A note', null, t.assigned_agent_id)
from (
    select k.* from trustcart.crm_call_tasks as k
    where k.status = 'pending' and k.assigned_agent_id is not null order by k.id limit 40
) as t;
select trustcart.log_call_attempt(t.id, 'no_answer', null, t.assigned_agent_id)
from (
    select k.* from trustcart.crm_call_tasks as k
    where k.status = 'pending' and k.assigned_agent_id is not null order by k.id limit 30
) as t;
select trustcart.create_segment('dhaka_women', '[{"attribute": "gender", "words": ["female"]}]');
insert into trustcart.marketing_campaigns (campaign_name, campaign_type, target_segment, message_template)
values ('Eid', 'sms', 'all', 'Hello {{ first_name }}'), ('Later', 'email', 'vip', 'Hello');
select trustcart.send_campaign(m.id) from trustcart.marketing_campaigns as m where m.campaign_name = 'Eid';

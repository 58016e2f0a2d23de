-- One customer, and a page by lifetime value or last order, read by index and sort nothing.
begin;
select plan(15);

insert into trustcart.customers (id) select g.n from generate_series(1, 3000) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select 1 + g.n % 3000, trustcart.business_date() - g.n % 400, g.n % 997, 'delivered'
from generate_series(1, 9000) as g (n);
insert into trustcart.customer_family_members (customer_id, name, relationship)
select g.n, 'x', 'child' from generate_series(1, 3000) as g (n);
insert into trustcart.customer_interactions (customer_id, interaction_type)
select 1 + g.n % 3000, 'call' from generate_series(1, 9000) as g (n);
analyze trustcart.customers;
analyze trustcart.customer_behavior;
analyze trustcart.customer_family_members;
analyze trustcart.customer_interactions;

create function pg_temp.plan_of(p_query text)
returns text language plpgsql as $$
declare
    v_line text;
    v_plan text := '';
begin
    for v_line in execute 'explain (costs off) ' || p_query loop
        v_plan := v_plan || v_line || e'\n';
    end loop;
    return v_plan;
end;
$$;

create temporary table queries as
select q.*, pg_temp.plan_of('select * from trustcart.customer_360_view ' || q.query) as plan
from (
    values
    ('customers_pkey', 'where customer_id = 5'),
    ('idx_customers_type', 'where customer_type = ''vip'' order by lifetime_value desc, customer_id desc limit 50'),
    (
        'idx_customers_type',
        'where customer_type = ''vip'' and (lifetime_value, customer_id) < (500, 7) '
        'order by lifetime_value desc, customer_id desc limit 50'
    ),
    (
        'idx_customers_lifecycle',
        'where lifecycle_stage = ''at_risk'' order by lifetime_value desc, customer_id desc limit 50'
    ),
    (
        'idx_customers_temperature',
        'where customer_temperature = ''hot'' order by lifetime_value desc, customer_id desc limit 50'
    ),
    ('customers_total_spend_idx', 'order by lifetime_value desc, customer_id desc limit 50'),
    ('idx_customers_last_order', 'order by last_order_date desc nulls last, customer_id desc limit 50')
) as q (index_name, query);

select matches(q.plan, '\m' || q.index_name || '\M', format('%s reads by %s', q.query, q.index_name))
from queries as q;
select doesnt_match(
    q.plan,
    '\mSort\M|Seq Scan on (customers|customer_behavior|customer_family_members|customer_interactions)\M',
    format('%s sorts nothing and reads no table through', q.query)
)
from queries as q;
select doesnt_match(
    (select q.plan from queries as q limit 1), 'customer_interactions|customer_family_members|sales_orders',
    'one customer costs two reads, however many orders, contacts and relatives there are'
);

select * from finish();
rollback;

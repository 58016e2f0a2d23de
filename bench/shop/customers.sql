-- People: those who work in the shop and those who buy. Sizes and skew come as settings `bench.*` (bench/shop.py).
select setseed(0.42);

insert into trustcart.users (id, name, email, role)
select
    g.id,
    case when g.id = 1 then 'Manager' else 'Agent ' || g.id end,
    'user' || g.id || '@example.com',
    case when g.id = 1 then 'crm_manager' else 'crm_agent' end
from generate_series(1, 1 + current_setting('bench.agents')::integer) as g (id);
select setval(pg_get_serial_sequence('trustcart.users', 'id'), max(u.id)) from trustcart.users as u;

-- How long a customer was with the shop: both dates in days before today. Four of nine are still there.
create temporary table bench_customers as
select
    c.rank,
    1 + (c.rank * current_setting('bench.step')::bigint) % current_setting('bench.customers')::bigint as id,
    c.began,
    case when random() < 0.45 then 1 else 1 + (c.began - 1) * random() end as ended
from (
    select
        g.rank,
        2 + 728 * random() as began
    from generate_series(0, current_setting('bench.customers')::bigint - 1) as g (rank)
) as c;
create unique index on bench_customers (rank);
analyze bench_customers;

insert into trustcart.customers (
    id, first_name, last_name, email, phone, gender, date_of_birth, anniversary_date, address, city, district,
    assigned_agent_id, created_at
)
select
    b.id,
    'Given' || b.id % 997,
    'Family' || b.id % 1009,
    'customer' || b.id || '@example.com',
    '017' || lpad(b.id::text, 8, '0'),
    case when random() < 0.5 then 'female' else 'male' end,
    case when random() < 0.7 then date '1960-01-01' + (random() * 15000)::integer end,
    case when random() < 0.3 then date '1990-01-01' + (random() * 12000)::integer end,
    'House ' || b.id % 211 || ', Road ' || b.id % 37,
    'Dhaka',
    'Dhaka',
    case when random() < 0.6 then 2 + b.id % current_setting('bench.agents')::integer end,
    now() - b.began * interval '1 day'
from bench_customers as b
order by b.began desc;
select setval(pg_get_serial_sequence('trustcart.customers', 'id'), max(c.id)) from trustcart.customers as c;

-- Half as many family members as customers; a few families are large.
insert into trustcart.customer_family_members (customer_id, name, relationship, date_of_birth, phone)
select
    f.customer_id,
    'Relative ' || f.place,
    (array['spouse', 'child', 'parent', 'sibling'])[1 + f.place % 4],
    case when random() < 0.8 then date '1950-01-01' + (random() * 25000)::integer end,
    case when random() < 0.3 then '018' || lpad(f.place::text, 8, '0') end
from (
    select
        1 + floor(random() * current_setting('bench.customers')::bigint)::bigint as customer_id,
        g.place
    from generate_series(1, current_setting('bench.customers')::integer * 48 / 100) as g (place)
    union all
    -- Hundreds in one household, an orphanage say, of customers of the middling sort.
    select
        b.id,
        g.place
    from bench_customers as b
    cross join generate_series(1, 200) as g (place)
    where b.rank between current_setting('bench.customers')::bigint / 100
    and current_setting('bench.customers')::bigint / 100 + 2
) as f;

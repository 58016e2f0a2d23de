-- The plan and the moment of the call ask the same: of a random small shop both refuse the same customers.
begin;
select plan(8);
select setseed(0.4711);

insert into trustcart.customers (id, first_name, phone, mobile)
select
    g.n, 'Customer ' || g.n, case when g.n % 5 > 0 then '0171' || lpad(g.n::text, 7, '0') end,
    case when g.n % 3 = 0 then '0181' || lpad(g.n::text, 7, '0') end
from generate_series(1, 300) as g (n);
create function pg_temp.customer() returns bigint language sql volatile as 'select 1 + floor(random() * 300)::bigint';
create function pg_temp.instant() returns timestamptz language sql volatile
as $$select timestamptz '2025-06-18 13:00+06' - random() * interval '40 days'$$;
insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at)
select pg_temp.customer(), (array['call', 'sms', 'call'])[1 + floor(random() * 3)], random() < 0.5, pg_temp.instant()
from generate_series(1, 150);
insert into trustcart.customer_interactions (customer_id, interaction_type, direction, outcome, interaction_date)
select
    pg_temp.customer(), (array['call', 'whatsapp', 'sms', 'email', 'visit'])[1 + floor(random() * 5)],
    (array['outbound', 'outbound', 'inbound'])[1 + floor(random() * 3)],
    (array['not_interested', null, 'successful', 'no_answer', null])[1 + floor(random() * 5)], pg_temp.instant()
from generate_series(1, 900);
insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
select pg_temp.customer(), pg_temp.instant(), 'no_answer' from generate_series(1, 500);
insert into trustcart.customer_phone_flags (customer_id, phone, flagged_at, cleared_at)
select p.customer_id, p.phone_e164, p.flagged_at, case when random() < 0.3 then p.flagged_at + random() * interval '20 days' end
from (
    select b.customer_id, b.phone_e164, pg_temp.instant() as flagged_at from trustcart_private.phone_book as b
    where random() < 0.3
) as p;
update trustcart.settings set contacts_per_week = 2, quiet_from = '20:00', quiet_until = '09:00';

create function pg_temp.blocks(p_at timestamptz) returns table (customer_id bigint, reason text) language sql as $$
    select b.*
    from trustcart.settings as s
    cross join lateral trustcart_private.contact_blocks(
        (p_at at time zone s.time_zone)::date, p_at, (p_at at time zone s.time_zone)::date + 1, null, s
    ) as b
$$;
create function pg_temp.checks(p_at timestamptz) returns table (customer_id bigint, reason text) language sql as $$
    select c.id, k.reason
    from trustcart.customers as c
    cross join lateral trustcart.check_contact(c.id, p_at) as k
    where k.sqlstate = 'TC208'
$$;
select cmp_ok(
    (select count(distinct b.customer_id) from pg_temp.blocks('2025-06-18 13:00+06') as b), '>', 60::bigint, 'many are refused'
);
select is(
    (
        select count(distinct split_part(b.reason, ' ', 1))
        from pg_temp.blocks('2025-06-18 13:00+06') as b
    ),
    4::bigint,
    'for every reason there is'
);
select set_eq(
    $$select * from pg_temp.blocks('2025-06-18 13:00+06')$$,
    $$select * from pg_temp.checks('2025-06-18 13:00+06')$$,
    'the same customers for the same reasons'
);
select set_eq(
    $$select * from pg_temp.blocks('2025-06-11 10:30+06')$$,
    $$select * from pg_temp.checks('2025-06-11 10:30+06')$$,
    'at another instant too'
);
-- The plan of a day and the first moment of it know the same, as long as nobody has been contacted on it.
delete from trustcart.customer_interactions where interaction_date >= '2025-06-18 00:00+06';
delete from trustcart.crm_call_attempts where attempted_at >= '2025-06-18 00:00+06';
select set_eq(
    $$select b.* from trustcart.settings as s
    cross join lateral trustcart_private.contact_blocks('2025-06-18', '2025-06-18 00:00+06', '2025-06-18', null, s) as b$$,
    $$select * from pg_temp.checks('2025-06-18 00:00+06')$$,
    'the plan of the day is the moment it begins'
);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select c.id, '2025-03-01', 100, 'delivered' from trustcart.customers as c;
update trustcart.settings set quiet_from = null, quiet_until = null;
select set_eq(
    $$select p.customer_id, p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.decision = 'dropped' and p.why !~ '^(at_risk|follow_up): '$$,
    $$select k.customer_id, string_agg(k.reason, '; ' order by k.reason)
    from pg_temp.checks('2025-06-18 00:00+06') as k group by 1$$,
    'and whoever the plan leaves alone for that'
);
select is_empty(
    $$select 1 from trustcart.settings as s
    cross join lateral trustcart_private.contact_blocks('2025-06-18', '2025-06-18 00:00+06', '2025-06-18', null, s) as b
    group by b.customer_id, b.reason having count(*) > 1$$,
    'a row a rule'
);
select set_eq(
    $$select b.* from trustcart.settings as s
    cross join lateral generate_series(1, 300) as g (n)
    cross join lateral trustcart_private.contact_blocks(
        '2025-06-18', '2025-06-18 00:00+06', '2025-06-18', null, s, g.n::bigint
    ) as b where b.customer_id = g.n$$,
    $$select * from pg_temp.checks('2025-06-18 00:00+06')$$,
    'asked for each customer'
);

select * from finish();
rollback;

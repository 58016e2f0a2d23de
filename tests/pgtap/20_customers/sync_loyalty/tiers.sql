-- Guide: whoever reaches gold (50,000) is upgraded and gets the call congratulate_gold_member, priority hot; once.
begin;
select plan(21);
insert into trustcart.customers (id, is_active)
select g.n, g.n <> 4 from generate_series(1, 8) as g (n);
insert into trustcart.customer_consents (customer_id, channel, granted) values (5, 'call', false);
create function pg_temp.buy(p_customer bigint, p_amount numeric, p_days_ago integer default 0)
returns bigint
language plpgsql as $$
declare
    v_id bigint;
begin
    insert into trustcart.sales_orders (customer_id, order_date, total_amount)
    values (p_customer, trustcart.business_date() - p_days_ago, p_amount) returning id into v_id;
    return v_id;
end;
$$;
create view pg_temp.calls as
select t.customer_id, t.task_type, t.priority from trustcart.crm_call_tasks as t;
create function pg_temp.tier(p_customer bigint) returns text language plpgsql as $$
begin
    return (select l.tier from trustcart.customer_loyalty as l where l.customer_id = p_customer);
end;
$$;

select pg_temp.buy(1, 19999.99);
select is(pg_temp.tier(1), null, 'below silver there is no tier');
select pg_temp.buy(1, 0.01);
select is(pg_temp.tier(1), 'silver', 'silver from 20,000 on');
select is_empty('select * from pg_temp.calls', 'which nobody calls about');
select pg_temp.buy(1, 30000);
select is(pg_temp.tier(1), 'gold', 'gold from 50,000 on');
select results_eq(
    'select * from pg_temp.calls', $$ values (1::bigint, 'congratulate_gold_member', 'hot') $$,
    'with its call, at once and hot'
);
select results_eq(
    $$ select engagement_type::text, content from trustcart.customer_engagement_history
    where customer_id = 1 and engagement_type = 'tier_upgrade' order by id $$,
    $$ values ('tier_upgrade', 'Reached silver'), ('tier_upgrade', 'Reached gold') $$, 'an engagement each'
);
select results_eq(
    $$ select payload ->> 'from', payload ->> 'to' from trustcart.events
    where customer_id = 1 and event_type = 'loyalty_tier_changed' order by id $$,
    $$ values (null, 'silver'), ('silver', 'gold') $$, 'and an event each'
);

-- Back and forth.
update trustcart.sales_orders set status = 'cancelled' where customer_id = 1 and total_amount = 30000;
select is(pg_temp.tier(1), 'silver', 'a cancelled order takes the tier back');
update trustcart.sales_orders set status = 'delivered' where customer_id = 1 and total_amount = 30000;
select results_eq(
    $$ select from_tier, to_tier, cause from trustcart.loyalty_tier_changes where customer_id = 1 order by id $$,
    $$ values (null, 'silver', 'order'), ('silver', 'gold', 'order'), ('gold', 'silver', 'order'),
    ('silver', 'gold', 'order') $$, 'every change is recorded'
);
select is((select count(*) from pg_temp.calls), 1::bigint, 'but nobody is congratulated twice');
select is(
    (select count(*) from trustcart.customer_engagement_history where engagement_type = 'tier_upgrade'), 2::bigint,
    'nor is it an engagement twice'
);

-- Several tiers at once.
select pg_temp.buy(2, 200000);
select results_eq(
    $$ select from_tier, to_tier from trustcart.loyalty_tier_changes where customer_id = 2 $$,
    $$ values (null::text, 'platinum') $$, 'one order over three tiers is one change'
);
select is(
    (select count(*) from pg_temp.calls where customer_id = 2), 1::bigint, 'and the call of gold, which was passed'
);
insert into trustcart.sales_orders (customer_id, order_date, total_amount)
select c.id, trustcart.business_date(), 60000 from (values (3), (6)) as c (id);
select set_eq(
    'select customer_id from pg_temp.calls', array[1, 2, 3, 6]::bigint[], 'many customers in one statement'
);

-- Who may not be called.
select pg_temp.buy(4, 60000), pg_temp.buy(5, 60000);
select results_eq(
    $$ select customer_id, left(why_no_call, 5) from trustcart.loyalty_tiers_reached
    where tier = 'gold' and customer_id in (4, 5) order by 1 $$,
    $$ values (4::bigint, 'TC202'), (5, 'TC208') $$, 'a refused call is noted'
);
select is(pg_temp.tier(4) || pg_temp.tier(5), 'goldgold', 'the order and the tier stand');

-- History.
select pg_temp.buy(7, 60000, 31);
select is(pg_temp.tier(7), 'gold', 'history counts');
select is_empty(
    $$ select 1 from trustcart.crm_call_tasks where customer_id = 7
    union all select 1 from trustcart.customer_engagement_history where customer_id = 7
    union all select 1 from trustcart.events where customer_id = 7 $$, 'but is no news'
);
delete from trustcart.sales_orders where customer_id = 2;
select is(pg_temp.tier(2), null, 'without orders no tier');
select results_eq(
    $$ select t.customer_id, t.status, t.close_reason from trustcart.crm_call_tasks as t
    where t.customer_id in (2, 3) order by 1 $$,
    $$ values (2::bigint, 'cancelled', 'no longer gold'), (3, 'pending', null) $$, 'and no call to congratulate on it'
);
select is_empty('select * from trustcart.check_customer_state()', 'all of it agrees with the orders');
select * from finish();
rollback;

-- What happened, newest first; a page ends where the next begins, whatever comes in between.
begin;
select plan(14);

update trustcart.settings set time_zone = 'Asia/Dhaka';
insert into trustcart.users (id, name, role) values (5, 'Agent', 'crm_agent');
insert into trustcart.customers (id) values (1), (2);
insert into trustcart.sales_orders (id, customer_id, order_date, ordered_at, total_amount, status) values
(1, 1, '2025-01-10', '2025-01-10 15:00+06', 60000, 'delivered'), (2, 1, '2025-01-12', null, 500, 'cancelled'),
(3, 2, '2025-01-10', null, 500, 'delivered');
-- What the triggers wrote is dated today; here the days are chosen.
delete from trustcart.customer_state_changes;
delete from trustcart.loyalty_tier_changes;
delete from trustcart.customer_dropoff_tracking;
delete from trustcart.customer_engagement_history;
insert into trustcart.customer_state_changes (id, customer_id, attribute, from_value, to_value, business_date, cause)
values (1, 1, 'lifecycle_stage', 'prospect', 'new', '2025-01-10', 'order'),
(2, 1, 'lifecycle_stage', 'new', 'at_risk', '2025-03-11', 'time');
insert into trustcart.loyalty_tier_changes (id, customer_id, from_tier, to_tier, business_date, cause)
values (1, 1, null, 'gold', '2025-01-10', 'order');
insert into trustcart.customer_dropoff_tracking (
    id, customer_id, last_active_date, days_inactive, risk_level, opened_on, level_as_of, closed_on, close_reason
)
values (1, 1, '2025-01-10', 31, 'low', '2025-02-10', '2025-02-10', '2025-03-01', 'withdrawn');
insert into trustcart.customer_consents (id, customer_id, channel, granted, recorded_at, recorded_by)
values (1, 1, 'sms', true, '2025-01-11 10:00+06', 5);
insert into trustcart.crm_call_tasks (id, customer_id, task_date) values (7, 1, '2025-01-20');
insert into trustcart.customer_interactions (id, customer_id, interaction_type, interaction_date, agent_id, task_id) values
(1, 1, 'call', '2025-01-20 11:00+06', 5, 7), (2, 1, 'visit', '2025-01-20 11:00+06', null, null);
insert into trustcart.crm_call_attempts (id, customer_id, attempted_at, task_id, outcome) values
(1, 1, '2025-01-20 11:00+06', 7, 'successful'), (2, 1, '2025-01-19 11:00+06', 7, 'no_answer');
insert into trustcart.customer_engagement_history (id, customer_id, engagement_type, created_at, channel)
values (1, 1, 'offer_sent', '2025-01-15 09:00+06', 'sms');
create temporary view shown as
select
    i.item ->> 'kind' || ' ' || (i.item ->> 'id') as what,
    i.item,
    i.place
from jsonb_array_elements(trustcart_api.page_customer_timeline(1, p_limit => 100) -> 'items')
    with ordinality as i (item, place);

select results_eq(
    'select s.what from shown as s order by s.place',
    array[
        'state 2', 'dropoff 1', 'dropoff 1', 'interaction 2', 'interaction 1', 'call 2', 'engagement 1', 'order 2',
        'consent 1', 'tier 1', 'state 1', 'order 1'
    ],
    'newest first; an order, then what it did; a call that was completed once'
);
select results_eq(
    $$select s.item ->> 'date', s.item ->> 'at' from shown as s where s.what in ('order 1', 'order 2', 'consent 1')
    order by s.place$$,
    $$values ('2025-01-12', null), ('2025-01-11', '2025-01-11T04:00:00Z'), ('2025-01-10', '2025-01-10T09:00:00Z')$$,
    'an hour where it is known'
);
select is(
    (select s.item -> 'facts' from shown as s where s.what = 'order 2'),
    '{"order_number": null, "status": "cancelled", "amount": 500, "counts": false}', 'an order that does not count'
);
select is((select s.item #>> '{facts,by}' from shown as s where s.what = 'consent 1'), 'Agent', 'who wrote it down');

create function pg_temp.walk(p_limit integer) returns setof text language plpgsql as $$
declare
    v_page jsonb;
    v_before text;
begin
    -- No more pages than there can be: one that leads to itself would never end.
    for v_number in 1..20 loop
        v_page := trustcart_api.page_customer_timeline(1, null, v_before, p_limit);
        return query select i ->> 'kind' || ' ' || (i ->> 'id') from jsonb_array_elements(v_page -> 'items') as i;
        v_before := v_page ->> 'next';
        exit when v_before is null;
    end loop;
end;
$$;
select results_eq(
    format('select pg_temp.walk(%s)', n.size), 'select s.what from shown as s order by s.place',
    format('the same in pages of %s', n.size)
)
from (values (1), (2), (5)) as n (size);
select is(
    trustcart_api.page_customer_timeline(1, array['order'], p_limit => 2) ->> 'next', null, 'the end is told'
);
select is(
    (
        select string_agg(i ->> 'kind', ' ')
        from jsonb_array_elements(trustcart_api.page_customer_timeline(1, array['call', 'order']) -> 'items') as i
    ),
    'call call order order', 'kinds that are asked for; without interactions each call is told'
);
select throws_ok(
    'select trustcart_api.page_customer_timeline(1, array[''gossip''])', 'TC002', null, 'a kind that is none'
);
select throws_ok('select trustcart_api.page_customer_timeline(1, p_before => ''x'')', 'TC005', null, 'no place');
select throws_ok('select trustcart_api.page_customer_timeline(1, p_limit => 101)', 'TC005', null, 'too much at once');
select throws_ok('select trustcart_api.page_customer_timeline(9)', 'TC004', null, 'no such customer');
select throws_ok('select trustcart_api.page_customer_timeline(null)', 'TC003', null, 'no customer');

select * from finish();
rollback;

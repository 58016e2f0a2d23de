-- Who changed what: the row, only the columns that changed, masked; nothing for what is no change.
begin;
select plan(20);

create temporary view logged as
select l.action, l.table_name, l.record_id, l.record_key, l.customer_id, l.old_values, l.new_values
from trustcart.audit_logs as l
order by l.id;
create function pg_temp.since(p_statement text)
returns setof logged language plpgsql as $$
declare
    v_id bigint := (select coalesce(max(l.id), 0) from trustcart.audit_logs as l);
begin
    execute p_statement;
    return query
    select l.action, l.table_name, l.record_id, l.record_key, l.customer_id, l.old_values, l.new_values
    from trustcart.audit_logs as l
    where l.id > v_id
    order by l.id;
end;
$$;
insert into trustcart.users (id, name) values (901, 'Agent'), (902, 'Other');

select results_eq(
    $s$ select * from pg_temp.since($$
        insert into trustcart.customers (
            id, first_name, last_name, email, phone, mobile, date_of_birth, anniversary_date, address, city, notes,
            total_spend, order_count
        )
        values (
            1, 'John', 'Doe', 'john@example.com', '01712345678', '+8801812345678', '1990-05-17', '2015-06-01',
            'House 3, Road 5', 'Dhaka', 'likes honey', 99, 9
        )
    $$) $s$,
    $$ values (
        'insert', 'customers', 1::bigint, null, 1::bigint, null::jsonb, jsonb_build_object(
            'id', 1, 'first_name', 'Jo***', 'last_name', 'Do***', 'email', 'jo***@example.com',
            'phone', trustcart_private.mask_address('01712345678'),
            'mobile', trustcart_private.mask_address('+8801812345678'), 'date_of_birth', '1990-**-**',
            'anniversary_date', '2015-**-**', 'address', '***', 'city', 'Dhaka', 'notes', '***', 'is_active', true
        )
    ) $$,
    'a new customer: what was entered, masked; nothing of what is derived'
);
select results_eq(
    $s$ select * from pg_temp.since($$
        update trustcart.customers set city = 'Khulna', notes = null, assigned_agent_id = 901, total_spend = 5
    $$) $s$,
    $$ values (
        'update', 'customers', 1::bigint, null, 1::bigint,
        '{"city": "Dhaka", "notes": "***", "assigned_agent_id": null}'::jsonb,
        '{"city": "Khulna", "notes": null, "assigned_agent_id": 901}'::jsonb
    ) $$,
    'an update: only the columns that changed, as they were and as they are'
);
select is_empty(
    $s$ select * from pg_temp.since($$ update trustcart.customers set city = 'Khulna', total_spend = 7 $$) $s$,
    'an update that changes nothing of it is not written'
);
select is_empty(
    $s$ select * from pg_temp.since($$
        insert into trustcart.sales_orders (id, customer_id, order_date, total_amount)
        values (1, 1, trustcart.business_date(), 100)
    $$) $s$,
    'nor is an order, which the event feed has, nor what it changes of its customer'
);
select results_eq(
    $s$ select * from pg_temp.since($$ update trustcart.sales_orders set total_amount = 90, notes = 'ring first' $$) $s$,
    $$ values (
        'update', 'sales_orders', 1::bigint, null, 1::bigint, '{"notes": null, "total_amount": 100.00}'::jsonb,
        '{"notes": "***", "total_amount": 90.00}'::jsonb
    ) $$,
    'an edited order is'
);
select is(
    (
        select array_agg(l.customer_id) from pg_temp.since($$
            insert into trustcart.customer_family_members (customer_id, name, relationship, phone)
            values (1, 'Asha', 'child', '01712345678'), (1, 'Babul', 'spouse', null)
        $$) as l
    ),
    array[1, 1]::bigint[], 'each row of a statement is a row'
);
select results_eq(
    'select l.new_values - ''id'' from logged as l where l.table_name = ''customer_family_members''',
    $$ values
    (jsonb_build_object(
        'customer_id', 1, 'name', 'As***', 'relationship', 'child', 'phone',
        trustcart_private.mask_address('01712345678')
    )), ('{"customer_id": 1, "name": "Ba***", "relationship": "spouse"}') $$,
    'with the customer whose it is'
);
select results_eq(
    $s$ select l.action, l.old_values - 'id' from pg_temp.since($$
        delete from trustcart.customer_family_members where name = 'Babul'
    $$) as l $s$,
    $$ values ('delete', '{"customer_id": 1, "name": "Ba***", "relationship": "spouse"}'::jsonb) $$,
    'a deleted row: all that was set'
);
select results_eq(
    $s$ select l.new_values - '{id,interaction_date}'::text[] from pg_temp.since($$
        insert into trustcart.customer_interactions (customer_id, interaction_type, subject, details, outcome)
        values (1, 'call', 'Honey', 'wants two, ring 01812345678', 'Successful - two jars')
    $$) as l $s$,
    $$ values ('{
        "customer_id": 1, "interaction_type": "call", "direction": "outbound", "subject": "***", "details": "***",
        "outcome": "Successful***"
    }'::jsonb) $$,
    'of free text that there was some, of an outcome its word'
);
select results_eq(
    $s$ select * from pg_temp.since($$ update trustcart.settings set vip_spend = 60000 $$) $s$,
    $$ values (
        'update', 'settings', null::bigint, 'true', null::bigint, '{"vip_spend": 50000.00}'::jsonb,
        '{"vip_spend": 60000}'::jsonb
    ) $$,
    'rules: a key that is no number'
);
select results_eq(
    $s$ select l.record_id, l.record_key, l.new_values from pg_temp.since($$
        insert into trustcart.agent_languages (agent_id, language) values (901, 'bn')
    $$) as l $s$,
    $$ values (null::bigint, '901,bn', '{"agent_id": 901, "language": "bn"}'::jsonb) $$,
    'a key of several columns'
);
select results_eq(
    $s$ select l.record_id, l.record_key, l.customer_id from pg_temp.since($$
        insert into trustcart.customer_contact_preferences (customer_id, language) values (1, 'bn')
    $$) as l $s$,
    $$ values (1::bigint, null, 1::bigint) $$,
    'a key of one number that is not called id'
);
select results_eq(
    $s$ select l.action, l.table_name, l.record_id, l.old_values from pg_temp.since($$
        truncate trustcart.agent_languages
    $$) as l $s$,
    $$ values ('truncate', 'agent_languages', null::bigint, null::jsonb) $$,
    'a truncate says so'
);
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date, source)
values (1, 1, 901, '2031-01-01', 'generated'), (2, 1, 901, '2031-01-01', 'manual');
select is(
    (select array_agg(l.record_id) from logged as l where l.table_name = 'crm_call_tasks'), array[2]::bigint[],
    'calls asked for by hand, not those of the daily list'
);
select results_eq(
    $s$ select l.record_id, l.new_values from pg_temp.since($$
        update trustcart.crm_call_tasks set assigned_agent_id = 902 where id = 1;
        update trustcart.crm_call_tasks set priority = 'hot' where id = 1;
        update trustcart.crm_call_tasks set status = 'carried' where id = 1;
        update trustcart.crm_call_tasks set status = 'skipped', close_reason = 'her mother died' where id = 2
    $$) as l $s$,
    $$ values
    (1::bigint, '{"assigned_agent_id": 902}'::jsonb), (1, '{"priority": "hot"}'),
    (2, '{"status": "skipped", "close_reason": "***"}') $$,
    'of calls what somebody decided, not the course of the day'
);
select trustcart.record_consent(1, 'sms', false);
select results_eq(
    $$ select l.action, l.customer_id, l.new_values ->> 'granted' from logged as l
    where l.table_name = 'customer_consents' $$,
    $$ values ('insert', 1::bigint, 'false') $$,
    'what was allowed or forbidden'
);
-- As convert_phones() does it, past the state's trigger: the same number, readable or not.
select is_empty(
    $s$ select * from pg_temp.since($$
        update trustcart.customers set phone = 'enc:mobile:' || repeat('a', 64), state_revision = state_revision + 1;
        update trustcart.customers set phone = '01712345678', state_revision = state_revision + 1
    $$) $s$,
    'a number that is encrypted, or no longer, has not changed'
);
select is(
    (
        select count(*) from pg_temp.since($$
            update trustcart.customers set phone = 'enc:mobile:' || repeat('a', 64), state_revision = state_revision + 1;
            update trustcart.customers set phone = 'enc:mobile:' || repeat('b', 64), state_revision = state_revision + 1
        $$)
    ),
    1::bigint, 'another encrypted one has'
);
select is(
    (
        select count(*) from pg_temp.since($$
            update trustcart.customers set mobile = '01799999999', state_revision = state_revision + 1;
            update trustcart.customers set mobile = null, state_revision = state_revision + 1
        $$)
    ),
    2::bigint, 'and so has one that is not encrypted'
);
select is(
    (
        select count(*) from trustcart.audit_logs as l
        where l.old_values::text ~ '01[78]12345678|john@|likes honey|House 3'
        or l.new_values::text ~ '01[78]12345678|john@|likes honey|House 3'
    ),
    0::bigint, 'none of it can be read'
);

select * from finish();
rollback;

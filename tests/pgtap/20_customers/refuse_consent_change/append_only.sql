-- What customers allowed and forbade is history: rows are added, never changed or removed.
begin;
select plan(7);

insert into trustcart.customers (id) values (1);
insert into trustcart.customer_consents (customer_id, channel, granted) values (1, 'call', true);
select throws_ok(
    'update trustcart.customer_consents set granted = false', 'TC107', 'customer_consents is append-only: no update',
    'no update'
);
select throws_ok(
    'delete from trustcart.customer_consents', 'TC107', 'customer_consents is append-only: no delete', 'no delete'
);
select throws_ok(
    'truncate trustcart.customer_consents', 'TC107', 'customer_consents is append-only: no truncate', 'no truncate'
);
select throws_ok(
    $$ insert into trustcart.customer_consents (id, customer_id, channel, granted)
    select id, 1, 'call', false from trustcart.customer_consents
    on conflict (id) do update set granted = false $$,
    'TC107', null, 'no upsert'
);
select throws_like(
    'delete from trustcart.customers', '%customer_consents_customer_id_fkey%', 'nor does it go with the customer'
);
create function pg_temp.hint_of(p_statement text)
returns text language plpgsql as $$
declare
    v_hint text;
begin
    execute p_statement;
    return 'none';
exception when others then
    get stacked diagnostics v_hint = pg_exception_hint;
    return v_hint;
end;
$$;
select matches(
    pg_temp.hint_of('delete from trustcart.customer_consents'), 'record_consent', 'the hint names the remedy'
);
select results_eq(
    'select customer_id, channel, granted from trustcart.customer_consents', $$ values (1::bigint, 'call', true) $$,
    'all is as it was'
);

select * from finish();
rollback;

-- Off until somebody turns it on, and then nothing of it is there.
begin;
select plan(5);

select results_eq(
    'select state, customers_left, numbers, numbers_to_rotate, master_keys from trustcart.phone_encryption_status()',
    $$values ('off', 0::bigint, 0::bigint, 0::bigint, 0::bigint)$$, 'off'
);
select is_empty(
    $$select tgname from pg_catalog.pg_trigger where tgname like '%\_conceal'$$, 'no trigger watches phone numbers'
);
insert into trustcart.customers (id, phone) values (1, '01711-111111');
select results_eq(
    'select phone, phone_e164 from trustcart.customers where id = 1', $$values ('01711-111111', '+8801711111111')$$,
    'a number is stored as it was typed'
);
select is_empty('select token from trustcart_private.phone_vault', 'and not in the vault');
select throws_ok(
    $$update trustcart_private.phone_encryption set state = 'on'$$, '23514', null, 'on without keys cannot be'
);

select * from finish();
rollback;

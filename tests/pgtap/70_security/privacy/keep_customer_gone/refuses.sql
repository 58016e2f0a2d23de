-- Nothing personal comes back: each column of a customer that an erasure clears is guarded.
begin;
select plan(5);

select set_eq(
    $$ select a.attname::text from pg_trigger as t cross join lateral unnest(t.tgattr) as k (attnum)
    inner join pg_attribute as a on a.attrelid = t.tgrelid and a.attnum = k.attnum
    where t.tgname = 'customers_keep_gone' $$,
    $$ select a.attname::text from pg_attribute as a inner join pg_type as y on a.atttypid = y.oid
    where a.attrelid = 'trustcart.customers'::regclass and a.attnum > 0 and not a.attisdropped
    and (y.typcategory = 'S' or y.typname = 'calendar_date')
    and a.attname not in ('phone_e164', 'mobile_e164', 'customer_type', 'lifecycle_stage', 'priority_level')
    union values ('is_active'), ('assigned_agent_id') $$,
    'the trigger looks at every column that says who somebody is'
);
insert into trustcart.users (id, name) values (901, 'A');
insert into trustcart.customers (id, erased_at, merged_into_id) values (1, now(), 1), (2, null, null), (3, null, null);
select is_empty(
    'select id from trustcart.customers where erased_at is not null or merged_into_id is not null',
    'nobody is born erased or merged'
);
select trustcart.erase_customer(1), trustcart.merge_customers(2, 3);
create function pg_temp.refused(p_column text, p_value text)
returns text language plpgsql as $$
begin
    execute format('update trustcart.customers set %I = %L where id = 1', p_column, p_value);
    return p_column || ' was written';
exception when sqlstate 'TC111' then
    return null;
end;
$$;
select is_empty(
    $$ select r.refused from (values ('first_name', 'x'), ('last_name', 'x'), ('email', 'a@b.c'), ('phone', 'x'),
    ('mobile', 'x'), ('gender', 'male'), ('date_of_birth', '1990-01-01'), ('anniversary_date', '1990-01-01'),
    ('address', 'x'), ('city', 'x'), ('district', 'x'), ('notes', 'x'), ('is_active', 'true'),
    ('assigned_agent_id', '901')) as c (name, value)
    cross join lateral (select pg_temp.refused(c.name, c.value)) as r (refused) where r.refused is not null $$,
    'none can be filled'
);
select throws_ok(
    'update trustcart.customers set is_active = true where id = 3', 'TC111', 'customer 3 was merged into customer 2',
    'who was merged stays inactive'
);
select lives_ok($$ update trustcart.customers set notes = 'x' where id = 3 $$, 'though notes may be taken of it');

select * from finish();
rollback;

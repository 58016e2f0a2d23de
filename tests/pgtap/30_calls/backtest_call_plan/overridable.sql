-- What may be overridden is what the plan depends on: nothing that would change nothing, and nothing is missing.
begin;
select plan(2);

create temporary table overridable as
select
    a.attname::text as name,
    (
        select count(*) > 0 from pg_catalog.pg_proc as p
        where
            p.pronamespace = 'trustcart_private'::regnamespace
            and p.proname in (
                'call_plan', 'call_candidates', 'call_hours', 'contact_blocks', 'customer_type_of',
                'lifecycle_stage_of', 'stakes_of'
            )
            and pg_catalog.pg_get_functiondef(p.oid) ~ format('p_settings\)?\.%s\M', a.attname)
    ) as is_read,
    false as is_taken
from pg_catalog.pg_attribute as a
where a.attrelid = 'trustcart.settings'::regclass and a.attnum > 0 and not a.attisdropped;

do $$
declare
    v_column record;
begin
    for v_column in
        select o.name, to_jsonb(s) -> o.name as value from overridable as o cross join trustcart.settings as s
    loop
        begin
            perform trustcart_private.simulated_rules(
                jsonb_build_object('settings', jsonb_build_object(v_column.name, v_column.value))
            );
            update overridable set is_taken = true where name = v_column.name;
        exception when sqlstate 'TC005' then
            null;
        end;
    end loop;
end;
$$;

select set_eq(
    'select name from overridable where is_taken',
    'select name from overridable where is_read and name <> ''time_zone''',
    'the settings that the plan reads, but the time zone: the days themselves would be others'
);
select is((select count(*) from overridable where is_taken), 11::bigint, 'there are some');

select * from finish();
rollback;

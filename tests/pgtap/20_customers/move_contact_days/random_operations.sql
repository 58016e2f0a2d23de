-- Any sequence of statements, of one row or of many, leaves contact_days as its recomputation has it.
begin;
select plan(4);

select setseed(0.42);
insert into trustcart.customers (id) select n from generate_series(1, 12) as g (n);

create function pg_temp.random_instant()
returns timestamptz language sql volatile as $$
    select timestamptz '2025-06-01 00:00+06' + make_interval(mins => (random() * 6 * 1440)::integer)
$$;

create function pg_temp.random_channel()
returns text language sql volatile as $$
    select (array['call', 'whatsapp', 'sms', 'email', 'visit'])[1 + (random() * 4)::integer]
$$;

create temporary table seen (step integer, operation integer, customer_id bigint, figure text);
do $$
declare
    v_operation integer;
begin
    for v_step in 1..400 loop
        v_operation := (random() * 9)::integer;
        case v_operation
            when 0 then
                insert into trustcart.customer_interactions (
                    customer_id, interaction_type, direction, interaction_date
                )
                values (
                    1 + (random() * 11)::integer, pg_temp.random_channel(),
                    case when random() < 0.8 then 'outbound' else 'inbound' end, pg_temp.random_instant()
                );
            when 1 then
                insert into trustcart.customer_interactions (
                    customer_id, interaction_type, direction, interaction_date
                )
                select
                    1 + (random() * 11)::integer, pg_temp.random_channel(),
                    case when random() < 0.8 then 'outbound' else 'inbound' end, pg_temp.random_instant()
                from generate_series(1, (random() * 20)::integer);
            when 2 then
                insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
                values (1 + (random() * 11)::integer, pg_temp.random_instant(), 'no_answer');
            when 3 then
                insert into trustcart.crm_call_attempts (customer_id, attempted_at, outcome)
                select 1 + (random() * 11)::integer, pg_temp.random_instant(), 'busy'
                from generate_series(1, (random() * 12)::integer);
            when 4 then
                update trustcart.customer_interactions
                set
                    customer_id = 1 + (random() * 11)::integer,
                    interaction_type = pg_temp.random_channel(),
                    direction = case when random() < 0.8 then 'outbound' else 'inbound' end
                where random() < 0.1;
            when 5 then
                update trustcart.customer_interactions
                set interaction_date = interaction_date + interval '7 hours'
                where random() < 0.1;
            when 6 then
                update trustcart.crm_call_attempts
                set customer_id = 13 - customer_id, attempted_at = pg_temp.random_instant()
                where random() < 0.1;
            when 7 then
                delete from trustcart.customer_interactions where random() < 0.1;
            when 8 then
                delete from trustcart.crm_call_attempts where random() < 0.1;
            else
                if random() < 0.2 then
                    truncate trustcart.customer_interactions;
                else
                    update trustcart.customer_interactions set outcome = 'successful' where random() < 0.3;
                end if;
        end case;
        insert into seen
        select v_step, v_operation, d.customer_id, d.figure
        from trustcart.check_customer_state() as d;
    end loop;
end;
$$;
select is_empty('select * from seen', '400 statements, checked after each');
select cmp_ok(
    (select count(*) from trustcart_private.contact_days as d where d.contacts > 0), '>', 20::bigint,
    'and something is left to look at'
);
select cmp_ok(
    (select max(d.contacts) from trustcart_private.contact_days as d), '>', 2, 'days with several contacts too'
);
update trustcart.settings set time_zone = 'America/New_York';
select is_empty('select * from trustcart.check_customer_state()', 'in another time zone as well');

select * from finish();
rollback;

-- Any sequence of statements leaves counters, contacts, engagements and attributions as their recomputation has them.
begin;
select plan(4);

select setseed(0.31);
insert into trustcart.customers (id) select n from generate_series(1, 12) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name, discount_code, attribution_days, start_date)
select n, 'Campaign ' || n, (array['A', 'B', 'a', null])[n], (array[0, 3, 10, null])[n], '2025-06-01'
from generate_series(1, 4) as g (n);

create function pg_temp.random_instant()
returns timestamptz language sql volatile as $$
    select timestamptz '2025-06-01 00:00+06' + make_interval(mins => (random() * 20 * 1440)::integer)
$$;
create temporary table seen (step integer, operation integer, what text);
do $$
declare
    v_operation integer;
begin
    for v_step in 1..400 loop
        v_operation := (random() * 11)::integer;
        case v_operation
            when 0 then
                insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, occurrence)
                select 1 + (random() * 3)::integer, 1 + (random() * 11)::integer, (array['sms', 'email'])[1 + random()::integer],
                    'a' || v_step || n, 'o' || v_step || n
                from generate_series(1, 1 + (random() * 6)::integer) as g (n);
            when 1 then
                insert into trustcart.campaign_messages (
                    campaign_id, customer_id, channel, address, occurrence, status, sent_at, responded_at
                )
                select 1 + (random() * 3)::integer, 1 + (random() * 11)::integer, 'sms', 'b' || v_step || n,
                    'p' || v_step || n, 'sent', pg_temp.random_instant(), case when random() < 0.5 then now() end
                from generate_series(1, (random() * 6)::integer) as g (n);
            when 2, 3 then
                update trustcart.campaign_messages
                set status = 'sent', sent_at = pg_temp.random_instant()
                where status = 'queued' and random() < 0.4;
            when 4 then
                update trustcart.campaign_messages
                set
                    responded_at = case when random() < 0.6 then now() end,
                    bounced_at = case when random() < 0.2 then now() end
                where status = 'sent' and random() < 0.3;
            when 5 then
                update trustcart.campaign_messages
                set status = 'queued', sent_at = null, responded_at = null, bounced_at = null, delivered_at = null
                where random() < 0.05;
            when 6 then
                update trustcart.campaign_messages
                set campaign_id = 1 + id % 4, customer_id = 13 - customer_id, channel = 'email'
                where random() < 0.1;
            when 7 then
                delete from trustcart.campaign_messages where random() < 0.07;
            when 8 then
                insert into trustcart.sales_orders (
                    customer_id, order_date, ordered_at, total_amount, coupon_code, status
                )
                select
                    1 + (random() * 11)::integer, r.at::date, case when random() < 0.5 then r.at end,
                    (random() * 1000)::integer, (array['A', 'b', 'c', null, null, null])[1 + (random() * 5)::integer],
                    case when random() < 0.8 then 'pending' else 'cancelled' end
                from generate_series(1, 1 + (random() * 3)::integer) as g (n)
                cross join lateral (select pg_temp.random_instant() as at where n > 0) as r;
            when 9 then
                update trustcart.sales_orders
                set
                    status = case when status = 'pending' then 'cancelled' else 'pending' end,
                    total_amount = total_amount + 1, order_date = order_date + 1,
                    customer_id = case when random() < 0.3 then 13 - customer_id else customer_id end
                where random() < 0.2;
            when 10 then
                delete from trustcart.sales_orders where random() < 0.1;
            else
                if random() < 0.15 then
                    truncate trustcart.campaign_messages cascade;
                else
                    update trustcart.campaign_messages set delivered_at = now() where status = 'sent';
                end if;
        end case;
        insert into seen
        select v_step, v_operation, d.figure || ': ' || concat_ws(' <> ', d.maintained, d.recomputed)
        from trustcart.check_campaigns() as d
        union all
        select v_step, v_operation, d.figure
        from trustcart.check_customer_state() as d
        where d.figure like 'contacts%';
        exit when exists (select from seen);
    end loop;
end;
$$;
select is_empty('select * from seen', '400 statements, checked after each');
select cmp_ok((select count(*) from trustcart.campaign_messages), '>', 20::bigint, 'messages are left to look at');
select cmp_ok((select count(*) from trustcart.order_attributions), '>', 5::bigint, 'attributed orders too');
select cmp_ok(
    (select count(distinct a.kind) from trustcart.order_attributions as a), '=', 2::bigint, 'of both kinds'
);

select * from finish();
rollback;

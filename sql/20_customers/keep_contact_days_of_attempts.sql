-- requires: move_contact_days, lock_customers

create or replace function trustcart_private.keep_contact_days_of_attempts()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_customer_ids bigint[];
    v_instants timestamptz[];
    v_channels text[];
    v_added bigint[];
begin
    if tg_op = 'INSERT' then
        perform trustcart_private.lock_customers(array(select distinct n.customer_id from new_rows as n));
        insert into trustcart_private.contact_days as d (customer_id, contacted_on, channel, contacts)
        select
            n.customer_id,
            (n.attempted_at at time zone s.time_zone)::date as contacted_on,
            'call' as channel,
            count(*) as contacts
        from new_rows as n
        cross join trustcart.settings as s
        group by n.customer_id, 2
        order by n.customer_id, 2
        on conflict (customer_id, contacted_on, channel) do update
        set contacts = d.contacts + excluded.contacts;
    elsif tg_op = 'DELETE' then
        select array_agg(o.customer_id), array_agg(o.attempted_at), array_agg('call'::text), array_agg(-1)
        into v_customer_ids, v_instants, v_channels, v_added
        from old_rows as o;
    else
        select array_agg(m.customer_id), array_agg(m.instant), array_agg('call'::text), array_agg(m.added)
        into v_customer_ids, v_instants, v_channels, v_added
        from (
            select
                r.customer_id,
                r.instant,
                sum(r.added) as added
            from (
                select
                    n.customer_id,
                    n.attempted_at as instant,
                    1 as added
                from new_rows as n
                union all
                select
                    o.customer_id,
                    o.attempted_at,
                    -1
                from old_rows as o
            ) as r
            group by r.customer_id, r.instant
            having sum(r.added) <> 0
        ) as m;
    end if;
    if v_customer_ids is not null then
        perform trustcart_private.move_contact_days(v_customer_ids, v_instants, v_channels, v_added);
    end if;
    return null;
end;
$$;
comment on function trustcart_private.keep_contact_days_of_attempts() is
'Trigger of crm_call_attempts, statement-level: attempts are added to contact_days as calls, and taken away again. The
customers are locked first, so that sessions which contact one customer queue there, in whatever order their statements
come.';

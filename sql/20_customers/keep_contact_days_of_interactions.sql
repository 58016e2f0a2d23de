-- requires: move_contact_days

create or replace function trustcart_private.keep_contact_days_of_interactions()
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
    -- Each statement that writes reads the zone itself: behind a recount the days are those of the new zone.
    if tg_op = 'INSERT' then
        insert into trustcart_private.contact_days as d (customer_id, contacted_on, channel, contacts)
        select
            n.customer_id,
            (n.interaction_date at time zone s.time_zone)::date as contacted_on,
            n.interaction_type,
            count(*) as contacts
        from new_rows as n
        cross join trustcart.settings as s
        where n.direction = 'outbound'
        group by n.customer_id, 2, n.interaction_type
        order by n.customer_id, 2, n.interaction_type
        on conflict (customer_id, contacted_on, channel) do update
        set contacts = d.contacts + excluded.contacts;
    elsif tg_op = 'DELETE' then
        -- What the customers did themselves has no channel.
        select
            array_agg(o.customer_id), array_agg(o.interaction_date),
            array_agg(case when o.direction = 'outbound' then o.interaction_type end), array_agg(-1)
        into v_customer_ids, v_instants, v_channels, v_added
        from old_rows as o;
    else
        select array_agg(m.customer_id), array_agg(m.instant), array_agg(m.channel), array_agg(m.added)
        into v_customer_ids, v_instants, v_channels, v_added
        from (
            select
                r.customer_id,
                r.instant,
                r.channel,
                sum(r.added) as added
            from (
                select
                    n.customer_id,
                    n.interaction_date as instant,
                    case when n.direction = 'outbound' then n.interaction_type end as channel,
                    1 as added
                from new_rows as n
                union all
                select
                    o.customer_id,
                    o.interaction_date,
                    case when o.direction = 'outbound' then o.interaction_type end,
                    -1
                from old_rows as o
            ) as r
            group by r.customer_id, r.instant, r.channel
            having sum(r.added) <> 0
        ) as m;
    end if;
    if v_customer_ids is not null then
        perform trustcart_private.move_contact_days(v_customer_ids, v_instants, v_channels, v_added);
    end if;
    return null;
end;
$$;
comment on function trustcart_private.keep_contact_days_of_interactions() is
'Trigger of customer_interactions, statement-level: outbound ones are added to contact_days and taken away again. An
insert finds the customers locked by a trigger that fires earlier; update and delete lock them, so that sessions which
contact one customer queue there, in whatever order their statements come.';

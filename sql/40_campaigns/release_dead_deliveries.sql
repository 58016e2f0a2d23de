-- requires: delivery_lock_class

create or replace function trustcart.release_dead_deliveries(p_at timestamptz default now())
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
    v_released integer;
begin
    p_at := coalesce(p_at, now());
    with recursive workers as (
        select min(m.claimed_by) as worker
        from trustcart.campaign_messages as m
        where m.status = 'sending'
        union all
        select
            (
                select min(m.claimed_by)
                from trustcart.campaign_messages as m
                where m.status = 'sending' and m.claimed_by > w.worker
            )
        from workers as w
        where w.worker is not null
    ),

    alive as materialized (
        select l.objid::bigint as worker
        from pg_locks as l
        where
            l.locktype = 'advisory' and l.granted and l.objsubid = 2
            and l.database = (select d.oid from pg_database as d where d.datname = current_database())
            and l.classid = trustcart_private.delivery_lock_class()::oid
    ),

    lost as materialized (
        select m.id
        from workers as w
        inner join trustcart.campaign_messages as m on m.status = 'sending' and w.worker = m.claimed_by
        where
            not exists (select from alive as a where a.worker = w.worker)
            or m.claimed_at < p_at - interval '15 minutes'
        order by m.id
        for no key update of m skip locked
    ),

    told as (
        update trustcart.campaign_delivery_attempts as a
        set
            finished_at = p_at,
            outcome = 'unknown',
            error = 'the worker was gone, or silent for 15 minutes, before it told'
        from lost as l
        inner join trustcart.campaign_messages as m on l.id = m.id
        where a.message_id = m.id and a.attempt = m.attempts and a.outcome is null
        returning a.message_id
    ),

    released as (
        update trustcart.campaign_messages as m
        set
            status = case when x.is_over then 'failed' else 'queued' end,
            claimed_by = null,
            claimed_at = null,
            not_before = p_at,
            closed_at = case when x.is_over then p_at end,
            close_reason = case
                when x.is_over then format('gave up: %s attempts, the last of them never told', m.attempts)
            end
        from (
            select
                o.id,
                o.channel,
                -- A message that takes its workers along must end as well.
                o.attempts >= d.max_attempts + 10 as is_over
            from lost as l
            inner join trustcart.campaign_messages as o on l.id = o.id
            inner join trustcart.delivery_channels as d on o.channel = d.channel
        ) as x
        where m.id = x.id
        returning m.id
    )

    select count(*) into v_released from released as r;
    return v_released;
end;
$$;
comment on function trustcart.release_dead_deliveries(timestamptz) is
'Puts the messages of workers that are gone, and those handed out more than 15 minutes before p_at, back into the queue;
the attempt becomes unknown. They are sent again under the same key, for nobody knows whether they were. A message that
lost ten workers more than it has attempts has failed. Answers how many messages it was.';

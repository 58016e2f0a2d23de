create or replace function trustcart_private.queued_campaigns(p_channel text)
returns table (campaign_id bigint, not_before timestamptz)
language plpgsql stable parallel safe
security definer
rows 10
set search_path = pg_catalog, pg_temp
-- By one probe of the index a campaign, however long the queue is.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_incremental_sort = off
set jit = off
as $$
#variable_conflict use_column
begin
    return query
    with recursive queued as (
        (
            select
                m.campaign_id,
                m.not_before
            from trustcart.campaign_messages as m
            where m.channel = p_channel and m.status = 'queued'
            order by m.campaign_id, m.not_before
            limit 1
        )
        union all
        select
            n.campaign_id,
            n.not_before
        from queued as q
        cross join lateral (
            select
                m.campaign_id,
                m.not_before
            from trustcart.campaign_messages as m
            where m.channel = p_channel and m.status = 'queued' and m.campaign_id > q.campaign_id
            order by m.campaign_id, m.not_before
            limit 1
        ) as n
    )

    select
        q.campaign_id,
        q.not_before
    from queued as q;
end;
$$;
comment on function trustcart_private.queued_campaigns(text) is
'The campaigns that have messages of a channel in the queue, each with the instant from which the first of them may go
out.';

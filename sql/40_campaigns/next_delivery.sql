-- requires: queued_campaigns

create or replace function trustcart.next_delivery(p_channel text, p_at timestamptz default null)
returns table (due_at timestamptz, free_at timestamptz, is_in_hand boolean)
language plpgsql stable parallel safe
security definer
rows 1
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_incremental_sort = off
set jit = off
as $$
declare
    v_at timestamptz := coalesce(p_at, clock_timestamp());
begin
    return query
    select
        case when d.is_enabled then f.due_at end,
        d.free_at,
        exists (
            select from trustcart.campaign_messages as m where m.status = 'sending' and m.channel = p_channel
        )
    from (
        select min(greatest(q.not_before, c.start_date::timestamp at time zone s.time_zone)) as due_at
        from trustcart_private.queued_campaigns(p_channel) as q
        inner join trustcart.marketing_campaigns as c on q.campaign_id = c.id
        cross join trustcart.settings as s
        -- Those of ended campaigns are due: to be closed.
        where c.is_active or c.end_date < (v_at at time zone s.time_zone)::date
    ) as f
    cross join (
        select
            h.is_enabled,
            case
                when h.per_second is null then v_at
                -- A quarter of a second's worth together, where the bucket holds so much.
                else greatest(
                    v_at,
                    h.refilled_at + make_interval(
                        secs => (
                            greatest(0, least(h.burst, greatest(1, h.per_second / 4)) - h.tokens) / h.per_second
                        )::double precision
                    )
                )
            end as free_at
        from trustcart.delivery_channels as h
        where h.channel = p_channel
    ) as d;
end;
$$;
comment on function trustcart.next_delivery(text, timestamptz) is
'When the next message of a channel is due (null when nothing is queued that could go out, or the channel is disabled),
from when on the channel''s rate limit leaves room for it, and whether any is in a worker''s hands, who may die. What a
worker waits for; no row for an unknown channel.';

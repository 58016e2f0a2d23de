create or replace function trustcart.read_events(
    p_after_xid xid8 default '0', p_after_id bigint default 0, p_limit integer default 100
)
returns setof trustcart.events
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    if p_limit < 1 or p_limit > 100000 or p_limit is null then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is not one', coalesce(p_limit::text, 'null')),
            hint = 'Read 1 to 100000 events at a time.';
    end if;
    return query
    select e.*
    from trustcart.events as e
    where
        (e.xid, e.id) > (coalesce(p_after_xid, '0'::xid8), coalesce(p_after_id, 0))
        and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid, e.id
    limit p_limit;
end;
$$;
comment on function trustcart.read_events(xid8, bigint, integer) is
'The next events after a position, which is (xid, id) of the last one read; without arguments from the first one kept.
It returns only what transactions below pg_snapshot_xmin wrote: older ones have all ended, so that nothing can appear
before a position any more, however late it commits. A transaction left open anywhere in the cluster therefore holds the
feed up, and loses nothing. Store the position together with what was done about the events: each is then dealt with
once. In a statement of its own snapshot (READ COMMITTED, or a new transaction). TC005 limit.';

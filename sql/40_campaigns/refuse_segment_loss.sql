create or replace function trustcart_private.refuse_segment_loss()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_campaigns text;
begin
    -- The row is locked by now: whoever makes a campaign of it waits, or was seen.
    select string_agg(format('%s (%s)', m.id, m.campaign_name), ', ' order by m.id)
    into v_campaigns
    from (
        select
            x.id,
            x.campaign_name
        from trustcart.marketing_campaigns as x
        where x.target_segment = old.name
        order by x.id
        limit 5
    ) as m;
    if v_campaigns is not null then
        raise exception using
            errcode = 'TC110',
            message = format('segment %s is the target of campaign %s', old.name, v_campaigns),
            hint = 'Give the campaign another segment or delete it first; one that was sent keeps its segment.';
    end if;
    return null;
end;
$$;
comment on function trustcart_private.refuse_segment_loss() is
'Trigger: a segment that a campaign names is neither deleted nor renamed. Raises TC110.';

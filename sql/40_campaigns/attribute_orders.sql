-- requires: attributions_of

create or replace function trustcart_private.attribute_orders(p_order_ids bigint[])
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_rightly trustcart.order_attributions[];
    v_gone integer := 0;
    v_written integer := 0;
begin
    -- One statement tells of most orders that they follow from nothing, another that they never did.
    v_rightly := array(
        select row(r.order_id, r.campaign_id, r.message_id, r.kind, r.amount)::trustcart.order_attributions
        from trustcart_private.attributions_of(p_order_ids) as r
    );
    if exists (select from trustcart.order_attributions as a where a.order_id = any(p_order_ids)) then
        delete from trustcart.order_attributions as a
        where
            a.order_id = any(p_order_ids)
            and not exists (select from unnest(v_rightly) as r where r.order_id = a.order_id);
        get diagnostics v_gone = row_count;
    end if;
    if v_rightly <> '{}' then
        insert into trustcart.order_attributions as a (order_id, campaign_id, message_id, kind, amount)
        select
            r.order_id,
            r.campaign_id,
            r.message_id,
            r.kind,
            r.amount
        from unnest(v_rightly) as r
        order by r.order_id
        on conflict (order_id) do update
        set
            campaign_id = excluded.campaign_id,
            message_id = excluded.message_id,
            kind = excluded.kind,
            amount = excluded.amount
        where
            (a.campaign_id, a.message_id, a.kind, a.amount)
            is distinct from (excluded.campaign_id, excluded.message_id, excluded.kind, excluded.amount);
        get diagnostics v_written = row_count;
    end if;
    return v_gone + v_written;
end;
$$;
comment on function trustcart_private.attribute_orders(bigint[]) is
'Writes the rows of order_attributions of these orders as attributions_of() has them, and removes those that no longer
hold; returns how many changed. The caller has locked the orders'' customers, so that a message of the same moment is
either seen here or sees the order.';

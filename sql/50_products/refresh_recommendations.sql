-- requires: require_date, business_date, count_changed_baskets, recount_recommendations

create or replace function trustcart.refresh_recommendations(
    p_as_of date default trustcart.business_date(), p_recount boolean default false
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_batch constant integer := 20000;
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_recent_from date;
    v_state trustcart.recommendation_state;
    v_ids bigint [];
    v_changed integer := 0;
    v_is_recount boolean;
begin
    -- One run at a time.
    select s.* into v_state from trustcart.recommendation_state as s for update;
    v_as_of := greatest(v_as_of, v_state.as_of);
    select v_as_of - s.popular_within_days + 1 into v_recent_from from trustcart.settings as s;

    -- The notes are taken in one statement and the orders read in later ones: what changes in between is noted again.
    with taken as (
        delete from trustcart_private.changed_baskets
        returning order_id
    )

    select coalesce(array_agg(distinct t.order_id), '{}')
    into v_ids
    from taken as t;
    -- Where most of the shop has changed, as after an import, counting all is less work.
    v_is_recount := coalesce(p_recount, false) or v_state.as_of is null
    or cardinality(v_ids) > greatest(100000, v_state.baskets / 2);

    if v_is_recount then
        v_changed := trustcart_private.recount_recommendations(v_as_of, v_recent_from);
        update trustcart.recommendation_state as s
        set as_of = v_as_of, recent_from = v_recent_from, baskets = v_changed;
    else
        -- Days that are no longer recent, or are again since the setting says more.
        update trustcart.product_figures as p
        set recent_orders = p.recent_orders + d.orders
        from (
            select
                a.product_id,
                count(*) * sign(v_state.recent_from - v_recent_from)::integer as orders
            from trustcart_private.counted_baskets as b
            cross join lateral unnest(b.product_ids) as a (product_id)
            where
                b.order_date >= least(v_state.recent_from, v_recent_from)
                and b.order_date < greatest(v_state.recent_from, v_recent_from)
            group by a.product_id
        ) as d
        where p.product_id = d.product_id;
        update trustcart.recommendation_state as s
        set as_of = v_as_of, recent_from = v_recent_from
        where (s.as_of, s.recent_from) is distinct from (v_as_of, v_recent_from);

        for v_first in 1..cardinality(v_ids) by c_batch loop
            v_changed := v_changed + trustcart_private.count_changed_baskets(
                v_ids[v_first:v_first + c_batch - 1], v_as_of, v_recent_from
            );
        end loop;
        delete from trustcart.product_figures as p
        where p.orders = 0;
    end if;

    select s.* into v_state from trustcart.recommendation_state as s;
    return jsonb_build_object(
        'as_of', v_as_of, 'baskets', v_state.baskets, 'changed', v_changed, 'recounted', v_is_recount
    );
end;
$$;
comment on function trustcart.refresh_recommendations(date, boolean) is
'Daily job: takes the baskets changed since the last run into the figures that recommendations are made of, up to
p_as_of (never back to an earlier day than before); its work is in proportion to them. p_recount: counts everything
anew, as the first run does, for instance after rows were loaded with triggers disabled. Returns {"as_of", "baskets",
"changed", "recounted"}. Errors: TC001.';

-- requires: rfm_scores

create or replace function trustcart.refresh_customer_rfm(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_moved integer;
    v_removed integer;
begin
    with scored as materialized (
        select s.*
        from trustcart.rfm_scores(v_as_of) as s
    ),

    removed as (
        delete from trustcart.customer_rfm as r
        where not exists (select from scored as s where s.customer_id = r.customer_id)
        returning r.customer_id
    ),

    moved as (
        insert into trustcart.customer_rfm as r (
            customer_id, recency_score, frequency_score, monetary_score, segment, since
        )
        select
            s.customer_id,
            s.recency_score,
            s.frequency_score,
            s.monetary_score,
            s.segment,
            v_as_of
        from scored as s
        left join trustcart.customer_rfm as o on s.customer_id = o.customer_id
        where
            (s.recency_score, s.frequency_score, s.monetary_score, s.segment)
            is distinct from (o.recency_score, o.frequency_score, o.monetary_score, o.segment)
        order by s.customer_id
        on conflict (customer_id) do update set
            recency_score = excluded.recency_score,
            frequency_score = excluded.frequency_score,
            monetary_score = excluded.monetary_score,
            segment = excluded.segment,
            since = excluded.since
        returning r.customer_id
    )

    select
        (select count(*) from moved),
        (select count(*) from removed)
    into v_moved, v_removed;
    return jsonb_build_object(
        'message', format('Moved %s customers', v_moved), 'moved', v_moved, 'removed', v_removed
    );
end;
$$;
comment on function trustcart.refresh_customer_rfm(date) is
'Daily job: writes down who is in another quintile or segment than before, as of a date. Result: message, moved, removed
(no counted order any more). Run again: 0. Errors: TC001.';

-- requires: score_customers, model_of, business_date, require_date

create or replace function trustcart.refresh_customer_scores(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_model trustcart.customer_models := trustcart_private.model_of(v_as_of);
    v_ids bigint[];
    v_written integer;
    v_removed integer;
begin
    if v_model.id is null then
        return jsonb_build_object('message', 'No model has been fitted yet', 'scored', 0, 'removed', 0);
    end if;
    if exists (select from trustcart.customer_scores as s where s.scored_on > v_as_of) then
        raise exception using
            errcode = 'TC104',
            message = format(
                'scores speak of %s already', (select max(s.scored_on) from trustcart.customer_scores as s)
            ),
            hint = 'They only move forward: give that date or a later one.';
    end if;

    -- Another model, or the first one: everybody. Else those who ordered, and whose score has aged by a step.
    if exists (
        select from trustcart.customer_scores as s where s.model_id = v_model.id limit 1
    ) and not exists (
        select from trustcart.customer_scores as s where s.model_id <> v_model.id limit 1
    ) then
        with due as (
            delete from trustcart_private.scores_due as d
            returning d.customer_id
        )

        select array_agg(x.customer_id)
        into v_ids
        from (
            select d.customer_id
            from due as d
            union
            select s.customer_id
            from trustcart.customer_scores as s
            where s.valid_until <= v_as_of
        ) as x;
        v_ids := coalesce(v_ids, '{}');
    else
        delete from trustcart_private.scores_due;
    end if;

    with scored as materialized (
        select s.*
        from trustcart_private.score_customers(v_model, v_as_of, v_ids) as s
        where v_ids is null or v_ids <> '{}'
    ),

    removed as (
        delete from trustcart.customer_scores as s
        where
            (v_ids is null or s.customer_id = any(v_ids))
            and not exists (select from scored as n where n.customer_id = s.customer_id)
        returning s.customer_id
    ),

    written as (
        insert into trustcart.customer_scores as s
        select n.*
        from scored as n
        order by n.customer_id
        on conflict (customer_id) do update set
            model_id = excluded.model_id,
            repeat_orders = excluded.repeat_orders,
            first_order_date = excluded.first_order_date,
            last_order_date = excluded.last_order_date,
            mean_value = excluded.mean_value,
            p_alive = excluded.p_alive,
            expected_orders_90_days = excluded.expected_orders_90_days,
            expected_value_90_days = excluded.expected_value_90_days,
            scored_on = excluded.scored_on,
            valid_until = excluded.valid_until
        returning s.customer_id
    )

    select
        (select count(*) from written),
        (select count(*) from removed)
    into v_written, v_removed;
    return jsonb_build_object(
        'message', format('Scored %s customers by model %s', v_written, v_model.id),
        'model_id', v_model.id, 'scored', v_written, 'removed', v_removed
    );
end;
$$;
comment on function trustcart.refresh_customer_scores(date) is
'Daily job: scores, by the model in use, the customers whose orders changed since the last run and those whose age
makes it another score by a step; everybody when the model is another one. Result: message, model_id, scored, removed.
TC001; TC104 when scores of a later date are there.';

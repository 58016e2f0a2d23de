-- requires: write_customer_scores, model_of, business_date, require_date, batch_position, move_batch_position
-- requires: end_batches

create or replace function trustcart.refresh_customer_scores(
    p_as_of date default trustcart.business_date(), p_limit integer default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- A plan for the batch at hand: what suits some thousand customers does not suit all of them.
set plan_cache_mode = force_custom_plan
as $$
declare
    c_name constant text := 'refresh_customer_scores';
    c_start constant bigint := (-9223372036854775808)::bigint;
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_model trustcart.customer_models := trustcart_private.model_of(v_as_of);
    v_is_everybody boolean;
    v_from bigint := c_start;
    v_ids bigint[];
    v_is_complete boolean := true;
    v_written bigint[];
    v_removed integer;
begin
    if v_model.id is null then
        return jsonb_build_object('message', 'No model has been fitted yet', 'scored', 0, 'removed', 0, 'is_complete', true);
    end if;

    -- Another model, or the first one, or the batches of such a run that was broken off: everybody. Else those who
    -- ordered, and whose score has aged by a step.
    select
        coalesce(min(s.model_id) <> v_model.id or max(s.model_id) <> v_model.id, true)
        or exists (
            select
            from trustcart_private.batch_positions as b
            where b.job_name = c_name and (b.task ->> 'everybody')::boolean
        )
    into v_is_everybody
    from trustcart.customer_scores as s;
    if p_limit is not null then
        v_from := trustcart_private.batch_position(
            c_name,
            'customers',
            jsonb_build_object('as_of', v_as_of, 'model', v_model.id, 'everybody', v_is_everybody)
        );
    end if;
    -- Later batches of a task find what the first has found.
    if v_from = c_start and exists (select from trustcart.customer_scores as s where s.scored_on > v_as_of) then
        raise exception using
            errcode = 'TC104',
            message = format(
                'scores speak of %s already', (select max(s.scored_on) from trustcart.customer_scores as s)
            ),
            hint = 'They only move forward: give that date or a later one.';
    end if;

    if v_is_everybody then
        v_ids := array(
            select c.id
            from trustcart.customers as c
            where c.id > v_from
            order by c.id
            limit p_limit
        );
    else
        v_ids := array(
            select x.customer_id
            from (
                select d.customer_id
                from trustcart_private.scores_due as d
                where d.customer_id > v_from
                union
                select s.customer_id
                from trustcart.customer_scores as s
                where s.valid_until <= v_as_of and s.customer_id > v_from
            ) as x
            order by x.customer_id
            limit p_limit
        );
    end if;
    if p_limit is not null then
        v_is_complete := cardinality(v_ids) < p_limit;
        perform trustcart_private.move_batch_position(c_name, 'customers', v_ids[cardinality(v_ids)]);
    end if;
    if v_is_complete then
        perform trustcart_private.end_batches(c_name);
    end if;
    -- Before the orders are read: who is marked due from now on waits for this, and stays due.
    delete from trustcart_private.scores_due as d where d.customer_id = any(v_ids);

    v_written := trustcart_private.write_customer_scores(
        v_model, v_as_of, case when not v_is_everybody or p_limit is not null then v_ids end
    );
    -- Who has no counted order any more.
    with removed as (
        delete from trustcart.customer_scores as s
        where
            s.customer_id = any(array(
                select i.id
                from unnest(v_ids) as i (id)
                except
                select w.id
                from unnest(v_written) as w (id)
            ))
        returning s.customer_id
    )

    select count(*)
    into v_removed
    from removed;
    -- Batches are added up, and these are no sums.
    return jsonb_build_object('scored', cardinality(v_written), 'removed', v_removed, 'is_complete', v_is_complete)
    || case
        when v_is_complete
            then jsonb_build_object('message', format('Scored by model %s', v_model.id), 'model_id', v_model.id)
        else '{}'
    end;
end;
$$;
comment on function trustcart.refresh_customer_scores(date, integer) is
'Daily job: scores, by the model in use, the customers whose orders changed since the last run and those whose age
makes it another score by a step; everybody when the model is another one. p_limit: at most so many customers in this
call, by id; while is_complete is false, the next call of the same date goes on from there, and one of a later date
begins anew. Without it all in one transaction. Result: scored, removed, is_complete, and with the last batch message
and model_id. TC001; TC104 when scores of a later date are there.';

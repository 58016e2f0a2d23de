create or replace function trustcart_private.message_pauses(p_at timestamptz, p_customer_ids bigint[] default null)
returns table (customer_id bigint, outcome text, paused_on date, pause_days integer)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off
as $$
#variable_conflict use_column
declare
    v_time_zone text := (select s.time_zone from trustcart.settings as s);
    v_date date := (p_at at time zone v_time_zone)::date;
    v_words text[];
    v_from timestamptz;
begin
    select
        array_agg(o.outcome),
        (v_date - max(o.pause_days) + 1)::timestamp at time zone v_time_zone
    into v_words, v_from
    from trustcart.call_outcomes as o
    where o.next_step = 'pause';
    if v_words is null then
        return;
    elsif p_customer_ids is null then
        return query
        select
            i.customer_id,
            o.outcome,
            (i.interaction_date at time zone v_time_zone)::date,
            o.pause_days
        from trustcart.customer_interactions as i
        inner join trustcart.call_outcomes as o
            on trustcart_private.outcome_word(i.outcome) = o.outcome and o.next_step = 'pause'
        where
            trustcart_private.outcome_word(i.outcome) = any(v_words)
            and i.outcome is not null
            and not trustcart_private.is_successful_outcome(i.outcome)
            and i.interaction_date >= v_from
            and i.interaction_date >= (v_date - o.pause_days + 1)::timestamp at time zone v_time_zone
            and i.interaction_date <= p_at
            and not exists (
                select
                from trustcart.customer_interactions as later
                where
                    later.customer_id = i.customer_id
                    and later.direction = 'inbound'
                    and later.interaction_date > i.interaction_date
                    and later.interaction_date <= p_at
            );
    else
        -- OFFSET 0: by the customer. The index by word holds those of the whole shop.
        return query
        select
            u.id,
            o.outcome,
            (l.interaction_date at time zone v_time_zone)::date,
            o.pause_days
        from unnest(p_customer_ids) as u (id)
        cross join lateral (
            select
                i.outcome,
                i.interaction_date
            from trustcart.customer_interactions as i
            where i.customer_id = u.id and i.interaction_date >= v_from and i.interaction_date <= p_at
            offset 0
        ) as l
        inner join trustcart.call_outcomes as o
            on trustcart_private.outcome_word(l.outcome) = o.outcome and o.next_step = 'pause'
        where
            l.outcome is not null
            and not trustcart_private.is_successful_outcome(l.outcome)
            and l.interaction_date >= (v_date - o.pause_days + 1)::timestamp at time zone v_time_zone
            and not exists (
                select
                from trustcart.customer_interactions as later
                where
                    later.customer_id = u.id
                    and later.direction = 'inbound'
                    and later.interaction_date > l.interaction_date
                    and later.interaction_date <= p_at
            );
    end if;
end;
$$;
comment on function trustcart_private.message_pauses(timestamptz, bigint[]) is
'Pauses that outcomes asked for and that run at an instant, a row an outcome; over when the customer came back of
themselves since. The same that contact_blocks() asks before a call. p_customer_ids null: of the whole shop.';

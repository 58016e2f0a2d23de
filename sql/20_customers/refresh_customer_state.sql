-- requires: require_date, advance_customer_state, recomputed_figures, lock_customers, write_customer_state
-- requires: batch_position, move_batch_position, end_batches

create or replace function trustcart.refresh_customer_state(
    p_as_of date default trustcart.business_date(), p_rewind boolean default false, p_limit integer default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- A plan for the batch at hand: what suits a thousand customers does not suit all of them.
set plan_cache_mode = force_custom_plan
as $$
declare
    c_name constant text := 'refresh_customer_state';
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_settings trustcart.settings;
    v_clock trustcart_private.customer_state_clock;
    v_thresholds jsonb;
    v_latest date;
    v_ids bigint[];
    v_room integer;
    v_from bigint := (-9223372036854775808)::bigint;
    v_until bigint;
    v_looked_at bigint;
    v_is_complete boolean;
    v_advanced integer := 0;
    v_relabelled integer := 0;
    v_last_change bigint;
    v_changes bigint;
begin
    -- One refresh at a time: the second finds nothing due.
    select k.* into v_clock from trustcart_private.customer_state_clock as k for update;
    select s.* into v_settings from trustcart.settings as s;
    v_thresholds := to_jsonb(v_settings) - array['id', 'updated_at', 'time_zone'];
    select coalesce(max(h.id), 0) into v_last_change from trustcart.customer_state_changes as h;

    if p_rewind then
        v_ids := array(select c.id from trustcart.customers as c order by c.id);
        perform trustcart_private.lock_customers(v_ids);
        -- What was derived for later days is forgotten; the replay derives it again.
        delete from trustcart.customer_state_changes as h where h.business_date > v_as_of;
        delete from trustcart.customer_dropoff_tracking as d where d.opened_on > v_as_of;
        perform trustcart_private.write_customer_state(
            array(
                select
                    row(
                        f.customer_id,
                        f.order_count,
                        f.total_spend,
                        f.first_order_date,
                        f.last_order_date,
                        f.next_order_date,
                        ht.to_value,
                        coalesce(hs.to_value, 'prospect')
                    )::trustcart_private.customer_figures
                from unnest(trustcart_private.recomputed_figures(v_ids, v_as_of)) as f
                left join lateral (
                    select h.to_value
                    from trustcart.customer_state_changes as h
                    where h.customer_id = f.customer_id and h.attribute = 'customer_type'
                    order by h.id desc
                    limit 1
                ) as ht on true
                left join lateral (
                    select h.to_value
                    from trustcart.customer_state_changes as h
                    where h.customer_id = f.customer_id and h.attribute = 'lifecycle_stage'
                    order by h.id desc
                    limit 1
                ) as hs on true
            ),
            v_as_of,
            'rewind'
        );
        perform trustcart_private.relevel_dropoffs(v_as_of, v_from, 9223372036854775807);
        update trustcart_private.customer_state_clock as k
        set as_of = v_as_of, thresholds = v_thresholds, dropoffs_as_of = least(k.dropoffs_as_of, v_as_of);
        return jsonb_build_object('as_of', v_as_of, 'rewound', cardinality(v_ids));
    end if;

    -- Triggers write for business_date(), so only an earlier date can meet a later state.
    v_latest := v_clock.as_of;
    if v_as_of < trustcart.business_date() then
        select greatest(v_latest, max(c.state_as_of)) into v_latest from trustcart.customers as c;
    end if;
    if v_as_of < v_latest then
        raise exception using
            errcode = 'TC104',
            message = format('customer state speaks of %s already and does not go back to %s', v_latest, v_as_of),
            hint = 'Read a past date with customer_state(date); to replay history from it, pass p_rewind => true.';
    end if;

    -- The days that have passed were days of the rules in force; a changed rule applies from this date on.
    v_ids := array(
        select d.id
        from (
            select c.id
            from trustcart.customers as c
            where c.state_valid_until <= v_as_of
            order by c.state_valid_until
            limit p_limit
        ) as d
        order by d.id
    );
    perform trustcart_private.lock_customers(v_ids);
    v_advanced := trustcart_private.advance_customer_state(
        v_ids,
        v_as_of,
        jsonb_populate_record(v_settings, coalesce(v_clock.thresholds, '{}'))
    );
    v_room := p_limit - cardinality(v_ids);
    v_is_complete := (v_room > 0) is not false;
    if v_is_complete and v_clock.thresholds is distinct from v_thresholds and v_clock.thresholds is not null then
        if p_limit is not null then
            v_from := trustcart_private.batch_position(
                c_name, 'thresholds', jsonb_build_object('as_of', v_as_of, 'thresholds', v_thresholds)
            );
        end if;
        select
            max(n.id),
            count(*)
        into v_until, v_looked_at
        from (
            select c.id
            from trustcart.customers as c
            where c.id > v_from
            order by c.id
            limit v_room
        ) as n;
        v_is_complete := (v_looked_at >= v_room) is not true;
        v_ids := array(
            select c.id
            from trustcart.customers as c
            where
                c.id > v_from
                and c.id <= v_until
                and c.order_count > 0
                and (
                    c.customer_type is distinct from trustcart_private.customer_type_of(
                        c.order_count, c.total_spend, v_as_of - c.last_order_date, v_settings
                    )
                    or c.lifecycle_stage is distinct from trustcart_private.lifecycle_stage_of(
                        c.order_count, v_as_of - c.last_order_date, v_settings
                    )
                    or c.priority_level is distinct from trustcart_private.priority_level_of(
                        v_as_of - c.last_order_date, v_settings
                    )
                    or c.state_valid_until is distinct from least(
                        trustcart_private.next_label_date(c.last_order_date, v_as_of, v_settings), c.next_order_date
                    )
                )
            order by c.id
        );
        perform trustcart_private.lock_customers(v_ids);
        -- Their figures are as of p_as_of: of whom the days had to pass, they have.
        v_relabelled := cardinality(
            trustcart_private.write_customer_state(
                array(
                    select
                        row(
                            c.id,
                            c.order_count,
                            c.total_spend,
                            c.first_order_date,
                            c.last_order_date,
                            c.next_order_date,
                            c.customer_type,
                            c.lifecycle_stage
                        )::trustcart_private.customer_figures
                    from trustcart.customers as c
                    where c.id = any(v_ids)
                    order by c.id
                ),
                v_as_of,
                'settings'
            )
        );
        if p_limit is not null then
            perform trustcart_private.move_batch_position(c_name, 'thresholds', v_until);
        end if;
    end if;
    if v_is_complete then
        perform trustcart_private.end_batches(c_name);
    end if;
    if
        v_is_complete
        and (v_clock.as_of is distinct from v_as_of or v_clock.thresholds is distinct from v_thresholds)
    then
        update trustcart_private.customer_state_clock as k set as_of = v_as_of, thresholds = v_thresholds;
    end if;
    select count(*) into v_changes from trustcart.customer_state_changes as h where h.id > v_last_change;
    return jsonb_build_object(
        'as_of', v_as_of, 'advanced', v_advanced, 'relabelled', v_relabelled, 'changes', v_changes,
        'is_complete', v_is_complete
    );
end;
$$;
comment on function trustcart.refresh_customer_state(date, boolean, integer) is
'Daily job: lets the days up to p_as_of pass for the customers whom that changes, and applies changed settings. Moves
forward only (TC104) unless p_rewind, which counts every customer afresh as of p_as_of and forgets what was derived for
later days. p_limit: at most so many customers in this call; while is_complete is false there are more, for the next
call. Without it, and with p_rewind, all in one transaction, for which their orders wait. Returns {"as_of", "advanced",
"relabelled", "changes", "is_complete"}.';

-- requires: lock_customers, return_customer_rows, check_access, current_user_id, emit_event, mark_recovery
-- requires: recompute_recovery, call_refusals, message_consents

create or replace function trustcart.undo_merge(p_merge_id bigint)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_merge trustcart.customer_merges;
    v_survivor trustcart.customers;
    v_duplicate trustcart.customers;
    v_was trustcart.customers;
    v_filled jsonb;
    v_task_id bigint;
    v_now jsonb;
    v_contacts timestamptz[];
    v_returned jsonb;
    v_constraint text;
begin
    if p_merge_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'merge_id is required',
            hint = 'Give the id of the merge, as trustcart.customer_merges has it.';
    end if;
    select m.* into v_merge from trustcart.customer_merges as m where m.id = p_merge_id;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no merge %s', p_merge_id),
            hint = 'Take the id from trustcart.customer_merges.';
    end if;
    perform trustcart.check_access(v_merge.survivor_id);
    perform trustcart_private.lock_customers(array[v_merge.survivor_id, v_merge.duplicate_id]);
    select m.* into v_merge from trustcart.customer_merges as m where m.id = p_merge_id for no key update;
    select c.* into v_survivor from trustcart.customers as c where c.id = v_merge.survivor_id;
    select c.* into v_duplicate from trustcart.customers as c where c.id = v_merge.duplicate_id;
    if v_merge.undone_at is not null then
        raise exception using
            errcode = 'TC111',
            message = format('merge %s was undone on %s', p_merge_id, v_merge.undone_at::date),
            hint = 'Nothing is left to undo.';
    elsif v_survivor.erased_at is not null then
        raise exception using
            errcode = 'TC111',
            message = format('customer %s was erased, and with it what merge %s brought', v_survivor.id, p_merge_id),
            hint = 'There is no way back.';
    elsif v_survivor.merged_into_id is not null then
        raise exception using
            errcode = 'TC212',
            message = format(
                'customer %s was itself merged into customer %s since', v_survivor.id, v_survivor.merged_into_id
            ),
            hint = format(
                'Undo the later merge first: %s.',
                (
                    select string_agg(m.id::text, ', ' order by m.id desc)
                    from trustcart.customer_merges as m
                    where m.duplicate_id = v_survivor.id and m.undone_at is null
                )
            );
    end if;

    v_contacts := array(
        select i.interaction_date
        from jsonb_to_recordset(v_merge.moved -> 'customer_interactions') as k (id bigint)
        inner join trustcart.customer_interactions as i on k.id = i.id
        where i.customer_id = v_survivor.id and i.direction = 'outbound'
        union
        select a.attempted_at
        from jsonb_to_recordset(v_merge.moved -> 'crm_call_attempts') as k (id bigint, attempted_at timestamptz)
        inner join trustcart.crm_call_attempts as a on k.id = a.id and k.attempted_at = a.attempted_at
        where a.customer_id = v_survivor.id
    );
    update trustcart.customers as c
    set
        merged_into_id = null,
        is_active = (v_merge.overwritten -> 'duplicate_was_active')::boolean,
        updated_at = now(),
        state_revision = c.state_revision + 1
    where c.id = v_duplicate.id;

    begin
        v_returned := trustcart_private.return_customer_rows(
            v_merge.moved - 'customers.merged_into_id', v_survivor.id, v_duplicate.id
        );
        -- A derived column, so that its write counts up.
        update trustcart.customers as c
        set merged_into_id = v_duplicate.id, state_revision = c.state_revision + 1
        from jsonb_to_recordset(v_merge.moved -> 'customers.merged_into_id') as k (id bigint)
        where c.id = k.id and c.merged_into_id = v_survivor.id;

        -- What collided is what it was, unless it has changed since. A call goes back on the list if its day is to
        -- come, and to nobody in particular where its agent has no place any more.
        update trustcart.crm_call_tasks as t
        set source = 'generated'
        from jsonb_to_recordset(v_merge.overwritten -> 'crm_call_tasks') as k (id bigint)
        where t.id = k.id and t.customer_id = v_duplicate.id and t.source = 'merged';
        for v_task_id in
            select t.id
            from trustcart.crm_call_tasks as t
            where
                t.status = 'cancelled'
                and t.task_date >= trustcart.business_date()
                and (
                    t.close_reason like 'merged: %'
                    and v_merge.overwritten -> 'crm_call_tasks' @> jsonb_build_array(jsonb_build_object('id', t.id))
                    or t.close_reason = 'do not call'
                    and v_merge.overwritten -> 'refused_calls' @> to_jsonb(t.id)
                )
                and t.customer_id in (v_survivor.id, v_duplicate.id)
                and not exists (
                    select from trustcart_private.call_refusals(clock_timestamp(), t.customer_id) as r
                )
            order by t.id
        loop
            begin
                update trustcart.crm_call_tasks as t
                set status = 'pending', close_reason = null
                where t.id = v_task_id;
            exception when sqlstate 'TC201' or sqlstate 'TC206' or sqlstate 'TC207' then
                update trustcart.crm_call_tasks as t
                set status = 'pending', close_reason = null, assigned_agent_id = null, why_agent = 'nobody has room'
                where t.id = v_task_id;
            end;
        end loop;
        update trustcart.campaign_messages as m
        set occurrence = k.occurrence
        from jsonb_to_recordset(v_merge.overwritten -> 'campaign_messages') as k (id bigint, occurrence text)
        where m.id = k.id and m.customer_id = v_duplicate.id;
        update trustcart.campaign_messages as m
        set status = 'queued', closed_at = null, close_reason = null
        where
            m.customer_id in (v_survivor.id, v_duplicate.id)
            and m.status = 'cancelled'
            and (
                m.close_reason like 'merged: %'
                and v_merge.overwritten -> 'campaign_messages' @> jsonb_build_array(jsonb_build_object('id', m.id))
                or m.close_reason like 'no_consent: %'
                and v_merge.overwritten -> 'refused_messages' @> to_jsonb(m.id)
            )
            and not exists (
                select
                from trustcart_private.message_consents(m.channel, clock_timestamp(), array[m.customer_id]) as l
                where not l.granted
            );
    exception when unique_violation then
        get stacked diagnostics v_constraint = constraint_name;
        raise exception using
            errcode = 'TC212',
            message = format(
                'merge %s cannot be undone: customer %s has rows by now where those it gave away belong (%s)',
                p_merge_id, v_duplicate.id, v_constraint
            ),
            hint = 'Remove the newer rows first, or leave the two merged.';
    end;
    insert into trustcart.campaign_exclusions (campaign_id, customer_id, occurrence, reason, detail, excluded_at)
    select
        x.campaign_id,
        x.customer_id,
        x.occurrence,
        x.reason,
        x.detail,
        x.excluded_at
    from jsonb_populate_recordset(
        null::trustcart.campaign_exclusions, v_merge.overwritten -> 'campaign_exclusions'
    ) as x
    on conflict do nothing;

    -- The survivor's own words again, unless somebody has changed them since.
    v_filled := v_merge.overwritten -> 'filled';
    v_now := to_jsonb(v_survivor);
    v_was := jsonb_populate_record(
        v_survivor,
        (
            select coalesce(jsonb_object_agg(f.key, v_merge.overwritten -> 'survivor' -> f.key), '{}')
            from jsonb_each(v_filled) as f
            where v_now -> f.key = f.value
        )
    );
    update trustcart.customers as c
    set
        first_name = v_was.first_name,
        last_name = v_was.last_name,
        email = v_was.email,
        phone = v_was.phone,
        mobile = v_was.mobile,
        gender = v_was.gender,
        date_of_birth = v_was.date_of_birth,
        anniversary_date = v_was.anniversary_date,
        address = v_was.address,
        city = v_was.city,
        district = v_was.district,
        notes = v_was.notes,
        assigned_agent_id = case
            when exists (select from trustcart.users as u where u.id = v_was.assigned_agent_id)
                then v_was.assigned_agent_id
        end
    where c.id = v_survivor.id and v_filled <> '{}';
    if jsonb_typeof(v_merge.overwritten -> 'wishes') = 'object' then
        update trustcart.customer_contact_preferences as p
        set
            preferred_from = w.preferred_from,
            preferred_until = w.preferred_until,
            time_zone = w.time_zone,
            language = w.language
        from jsonb_populate_record(
            null::trustcart.customer_contact_preferences, v_merge.overwritten -> 'wishes'
        ) as w
        inner join trustcart.customer_contact_preferences as d on d.customer_id = v_duplicate.id
        where
            p.customer_id = v_survivor.id
            and (p.preferred_from, p.preferred_until, p.time_zone, p.language) is not distinct from (
                coalesce(w.preferred_from, d.preferred_from),
                coalesce(w.preferred_until, d.preferred_until),
                coalesce(w.time_zone, d.time_zone),
                coalesce(w.language, d.language)
            );
    else
        delete from trustcart.customer_contact_preferences as p
        using trustcart.customer_contact_preferences as d
        where
            p.customer_id = v_survivor.id
            and d.customer_id = v_duplicate.id
            and (p.preferred_from, p.preferred_until, p.time_zone, p.language)
            is not distinct from (d.preferred_from, d.preferred_until, d.time_zone, d.language);
    end if;

    -- An episode that a moved order had ended, and that lasts again, has the level it had; the daily job raises it.
    update trustcart.customer_dropoff_tracking as d
    set
        risk_level = e.risk_level,
        level_as_of = e.level_as_of,
        days_inactive = e.days_inactive,
        reason = e.reason
    from jsonb_populate_recordset(
        null::trustcart.customer_dropoff_tracking, v_merge.overwritten -> 'episodes'
    ) as e
    where
        d.id = e.id and d.customer_id = e.customer_id and e.closed_on is null and d.closed_on is null
        and d.days_inactive > e.days_inactive;
    perform trustcart_private.mark_recovery(
        array(select v_duplicate.id from unnest(v_contacts) as x (contacted_at)),
        array(
            select (x.contacted_at at time zone s.time_zone)::date
            from unnest(v_contacts) as x (contacted_at)
            cross join trustcart.settings as s
        )
    );
    perform trustcart_private.recompute_recovery(v_survivor.id, x.contacted_at)
    from unnest(v_contacts) as x (contacted_at);
    -- Reached together, so not reached: who gets there alone is congratulated then.
    delete from trustcart.loyalty_tiers_reached as r
    using trustcart.loyalty_tiers as t, trustcart.customers as c
    where
        r.customer_id = v_survivor.id
        and c.id = v_survivor.id
        and t.tier = r.tier
        and v_merge.overwritten -> 'tiers_reached' ? r.tier
        and c.total_spend < t.min_spend;
    update trustcart.customer_behavior as b
    set refresh_due = true
    where b.customer_id in (v_survivor.id, v_duplicate.id);

    update trustcart.customer_merges as m
    set undone_at = greatest(now(), m.merged_at), undone_by = trustcart.current_user_id()
    where m.id = p_merge_id;
    perform trustcart_private.emit_event(
        'merge_undone',
        i.customer_id,
        jsonb_build_object('merge_id', p_merge_id, 'survivor_id', v_survivor.id, 'duplicate_id', v_duplicate.id)
    )
    from (values (v_survivor.id), (v_duplicate.id)) as i (customer_id);
    return jsonb_build_object(
        'merge_id', p_merge_id, 'survivor_id', v_survivor.id, 'duplicate_id', v_duplicate.id, 'returned', v_returned
    );
end;
$$;
comment on function trustcart.undo_merge(bigint) is
'Makes two customers of one again, in one transaction: what merge_customers() moved goes back, what it filled in is
emptied unless somebody has changed it since, what it cancelled is open again if its day is to come. Whatever is new
since the merge stays with the survivor, orders too, as does what happened in consequence of it: events, history of
labels, calls that it overtook. Returns {"merge_id", "survivor_id", "duplicate_id", "returned": rows by table}. TC003
without an id, TC004 no such merge, TC111 undone already, or the survivor was erased, TC212 the survivor was itself
merged since, or rows since then leave no room, TC403 not yours.';

-- requires: check_access, lock_customers, move_customer_rows, current_user_id, emit_event, mark_recovery
-- requires: recompute_recovery, call_refusals, message_consents

create or replace function trustcart.merge_customers(
    p_survivor_id bigint, p_duplicate_id bigint, p_reason text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_survivor trustcart.customers;
    v_filled trustcart.customers;
    v_duplicate trustcart.customers;
    v_wishes trustcart.customer_contact_preferences;
    v_overwritten jsonb;
    v_moved jsonb;
    v_rows jsonb;
    v_contacts timestamptz[];
    v_reached text[];
    v_id bigint;
begin
    perform trustcart.check_access(p_survivor_id);
    perform trustcart.check_access(p_duplicate_id);
    if p_survivor_id = p_duplicate_id then
        raise exception using
            errcode = 'TC211',
            message = format('customer %s cannot be merged into itself', p_survivor_id),
            hint = 'Give the customer who goes on and the duplicate.';
    end if;
    if p_duplicate_id > 0 and exists (
        select
        from trustcart_private.adoption_sources as s
        cross join trustcart_private.adoptions as a
        where s.entity = 'customers' and a.state <> 'removed'
    ) then
        raise exception using
            errcode = 'TC112',
            message = format(
                'customer %s belongs to %s',
                p_duplicate_id,
                (select s.source_table from trustcart_private.adoption_sources as s where s.entity = 'customers')
            ),
            hint = 'Merge the two there; ours follows in the same transaction.';
    end if;
    -- Both, in the order of ids: two merges of the same pair queue here, whichever way round they are.
    perform trustcart_private.lock_customers(array[p_survivor_id, p_duplicate_id]);
    select c.* into v_survivor from trustcart.customers as c where c.id = p_survivor_id;
    select c.* into v_duplicate from trustcart.customers as c where c.id = p_duplicate_id;
    if v_survivor.erased_at is not null or v_duplicate.erased_at is not null then
        raise exception using
            errcode = 'TC111',
            message = format(
                'customer %s was erased',
                case when v_survivor.erased_at is null then p_duplicate_id else p_survivor_id end
            ),
            hint = 'Nobody knows any more who that was.';
    elsif v_duplicate.merged_into_id is not null or v_survivor.merged_into_id is not null then
        raise exception using
            errcode = 'TC111',
            message = case
                when v_duplicate.merged_into_id is not null
                    then format('customer %s was merged into customer %s', p_duplicate_id, v_duplicate.merged_into_id)
                else format('customer %s was merged into customer %s', p_survivor_id, v_survivor.merged_into_id)
            end,
            hint = format(
                'Work with customer %s instead.', coalesce(v_duplicate.merged_into_id, v_survivor.merged_into_id)
            );
    elsif v_duplicate.is_active and not v_survivor.is_active then
        raise exception using
            errcode = 'TC211',
            message = format('customer %s is inactive, customer %s is not', p_survivor_id, p_duplicate_id),
            hint = 'Merge the closed account into the open one.';
    end if;

    v_overwritten := jsonb_build_object(
        'survivor', to_jsonb(v_survivor),
        'duplicate_was_active', v_duplicate.is_active,
        'episodes', coalesce(
            (
                select jsonb_agg(to_jsonb(d))
                from trustcart.customer_dropoff_tracking as d
                where d.customer_id in (p_survivor_id, p_duplicate_id)
            ),
            '[]'
        )
    );
    v_reached := array(select r.tier from trustcart.loyalty_tiers_reached as r where r.customer_id = p_survivor_id);
    v_contacts := array(
        select i.interaction_date
        from trustcart.customer_interactions as i
        where i.customer_id = p_duplicate_id and i.direction = 'outbound'
        union
        select a.attempted_at
        from trustcart.crm_call_attempts as a
        where a.customer_id = p_duplicate_id
    );
    insert into trustcart.customer_merges (survivor_id, duplicate_id, merged_by, reason)
    values (p_survivor_id, p_duplicate_id, trustcart.current_user_id(), nullif(btrim(p_reason), ''))
    returning id into v_id;

    -- Of two generated calls of one day, and two messages of one campaign, the duplicate's is no longer one.
    with collided as (
        select t.*
        from trustcart.crm_call_tasks as t
        where
            t.customer_id = p_duplicate_id
            and t.source = 'generated'
            and exists (
                select
                from trustcart.crm_call_tasks as s
                where s.customer_id = p_survivor_id and s.source = 'generated' and s.task_date = t.task_date
            )
    ),

    changed as (
        update trustcart.crm_call_tasks as t
        set
            source = 'merged',
            status = case when c.is_open then 'cancelled' else c.status end,
            close_reason = case
                when c.is_open then format('merged: customer %s has a call that day', p_survivor_id)
                else c.close_reason
            end
        from (
            select
                x.id,
                x.status,
                x.close_reason,
                x.status = 'pending' and x.started_at is null and x.claimed_at is null as is_open
            from collided as x
        ) as c
        where t.id = c.id
    )

    select jsonb_agg(
        jsonb_build_object('id', c.id) order by c.id
    )
    into v_rows
    from collided as c;
    v_overwritten := v_overwritten || jsonb_build_object('crm_call_tasks', coalesce(v_rows, '[]'));

    with collided as (
        select m.*
        from trustcart.campaign_messages as m
        where
            m.customer_id = p_duplicate_id
            and exists (
                select
                from trustcart.campaign_messages as s
                where
                    s.customer_id = p_survivor_id and s.campaign_id = m.campaign_id and s.occurrence = m.occurrence
            )
    ),

    changed as (
        update trustcart.campaign_messages as m
        set
            occurrence = btrim(c.occurrence || ' merged ' || c.id),
            status = case when c.status = 'queued' then 'cancelled' else c.status end,
            closed_at = case when c.status = 'queued' then clock_timestamp() else c.closed_at end,
            close_reason = case when c.status = 'queued' then 'merged: has the message already' else c.close_reason end
        from collided as c
        where m.id = c.id
    )

    select jsonb_agg(
        jsonb_build_object('id', c.id, 'occurrence', c.occurrence) order by c.id
    )
    into v_rows
    from collided as c;
    v_overwritten := v_overwritten || jsonb_build_object('campaign_messages', coalesce(v_rows, '[]'));

    -- Whoever got a message as the duplicate was not left out.
    with gone as (
        delete from trustcart.campaign_exclusions as x
        where
            x.customer_id = p_survivor_id
            and exists (
                select
                from trustcart.campaign_messages as m
                where
                    m.customer_id = p_duplicate_id and m.campaign_id = x.campaign_id and m.occurrence = x.occurrence
            )
        returning x.*
    )

    select jsonb_agg(to_jsonb(g)) into v_rows from gone as g;
    v_overwritten := v_overwritten || jsonb_build_object('campaign_exclusions', coalesce(v_rows, '[]'));

    v_moved := trustcart_private.move_customer_rows(p_duplicate_id, p_survivor_id);
    with moved as (
        update trustcart.campaign_exclusions as x
        set customer_id = p_survivor_id
        where
            x.customer_id = p_duplicate_id
            and not exists (
                select
                from trustcart.campaign_exclusions as s
                where
                    s.customer_id = p_survivor_id and s.campaign_id = x.campaign_id and s.occurrence = x.occurrence
            )
            and not exists (
                select
                from trustcart.campaign_messages as m
                where
                    m.customer_id = p_survivor_id and m.campaign_id = x.campaign_id and m.occurrence = x.occurrence
            )
        returning x.campaign_id, x.occurrence
    )

    select jsonb_agg(to_jsonb(m)) into v_rows from moved as m;
    if v_rows is not null then
        v_moved := v_moved || jsonb_build_object('campaign_exclusions', v_rows);
    end if;
    -- Those merged into the duplicate before go along, so that everybody knows in one step who goes on.
    with moved as (
        update trustcart.customers as c
        set merged_into_id = p_survivor_id, state_revision = c.state_revision + 1
        where c.merged_into_id = p_duplicate_id
        returning c.id
    )

    select jsonb_agg(jsonb_build_object('id', m.id)) into v_rows from moved as m;
    if v_rows is not null then
        v_moved := v_moved || jsonb_build_object('customers.merged_into_id', v_rows);
    end if;

    -- What the one who goes on did not say. A second number finds its place as the second.
    update trustcart.customers as c
    set
        first_name = case
            when coalesce(btrim(c.first_name), btrim(c.last_name), '') = '' then v_duplicate.first_name
            else c.first_name
        end,
        last_name = case
            when
                coalesce(btrim(c.last_name), '') = ''
                and (
                    coalesce(btrim(c.first_name), '') = ''
                    or lower(btrim(c.first_name)) = lower(btrim(v_duplicate.first_name))
                )
                then v_duplicate.last_name
            else c.last_name
        end,
        email = coalesce(c.email, v_duplicate.email),
        phone = coalesce(n.numbers[1], c.phone),
        mobile = coalesce(n.numbers[2], c.mobile),
        gender = coalesce(c.gender, v_duplicate.gender),
        date_of_birth = coalesce(c.date_of_birth, v_duplicate.date_of_birth),
        anniversary_date = coalesce(c.anniversary_date, v_duplicate.anniversary_date),
        address = coalesce(c.address, v_duplicate.address),
        city = case when c.address is null then coalesce(c.city, v_duplicate.city) else c.city end,
        district = case when c.address is null then coalesce(c.district, v_duplicate.district) else c.district end,
        notes = case
            when c.notes is not null and v_duplicate.notes is not null and strpos(c.notes, v_duplicate.notes) = 0
                then c.notes || E'\n' || v_duplicate.notes
            else coalesce(c.notes, v_duplicate.notes)
        end,
        assigned_agent_id = coalesce(c.assigned_agent_id, v_duplicate.assigned_agent_id)
    from (
        select
            array(
                select x.phone
                from (
                    -- Its own two first; of the duplicate's those that are neither.
                    select distinct on (y.key)
                        y.place,
                        y.phone
                    from (
                        values
                        (1, v_survivor.phone, coalesce(v_survivor.phone_e164, btrim(v_survivor.phone))),
                        (2, v_survivor.mobile, coalesce(v_survivor.mobile_e164, btrim(v_survivor.mobile))),
                        (3, v_duplicate.phone, coalesce(v_duplicate.phone_e164, btrim(v_duplicate.phone))),
                        (4, v_duplicate.mobile, coalesce(v_duplicate.mobile_e164, btrim(v_duplicate.mobile)))
                    ) as y (place, phone, key)
                    where y.key <> ''
                    order by y.key, y.place
                ) as x
                order by x.place
            ) as numbers
        where v_survivor.phone is null or v_survivor.mobile is null
        union all
        select array[]::text[]
        where v_survivor.phone is not null and v_survivor.mobile is not null
    ) as n
    where c.id = p_survivor_id;
    select c.* into v_filled from trustcart.customers as c where c.id = p_survivor_id;
    v_overwritten := v_overwritten || jsonb_build_object(
        'filled', (
            select coalesce(jsonb_object_agg(f.key, f.value), '{}')
            from jsonb_each(to_jsonb(v_filled)) as f
            where
                f.key = any(
                    '{first_name,last_name,email,phone,mobile,gender,date_of_birth,anniversary_date,address,city,'
                    'district,notes,assigned_agent_id}'
                )
                and f.value <> to_jsonb(v_survivor) -> f.key
        )
    );

    select p.* into v_wishes from trustcart.customer_contact_preferences as p where p.customer_id = p_survivor_id;
    v_overwritten := v_overwritten || jsonb_build_object(
        'wishes', case when v_wishes.customer_id is not null then to_jsonb(v_wishes) end
    );
    insert into trustcart.customer_contact_preferences as s (
        customer_id, preferred_from, preferred_until, time_zone, language
    )
    select
        p_survivor_id,
        d.preferred_from,
        d.preferred_until,
        d.time_zone,
        d.language
    from trustcart.customer_contact_preferences as d
    where d.customer_id = p_duplicate_id
    on conflict (customer_id) do update
    set
        preferred_from = coalesce(s.preferred_from, excluded.preferred_from),
        preferred_until = coalesce(s.preferred_until, excluded.preferred_until),
        time_zone = coalesce(s.time_zone, excluded.time_zone),
        language = coalesce(s.language, excluded.language);

    update trustcart.customers as c
    set is_active = false, merged_into_id = p_survivor_id, updated_at = now(), state_revision = c.state_revision + 1
    where c.id = p_duplicate_id;
    update trustcart.customer_behavior as b
    set refresh_due = true
    where b.customer_id in (p_survivor_id, p_duplicate_id);
    perform trustcart_private.mark_recovery(
        array(select p_survivor_id from unnest(v_contacts) as x (contacted_at)),
        array(
            select (x.contacted_at at time zone s.time_zone)::date
            from unnest(v_contacts) as x (contacted_at)
            cross join trustcart.settings as s
        )
    );
    perform trustcart_private.recompute_recovery(p_duplicate_id, x.contacted_at)
    from unnest(v_contacts) as x (contacted_at);

    -- What the latest of all consents forbids is not done any more.
    with cancelled as (
        update trustcart.crm_call_tasks as t
        set status = 'cancelled', close_reason = 'do not call'
        where
            t.customer_id = p_survivor_id
            and t.status = 'pending'
            and t.started_at is null
            and exists (select from trustcart_private.call_refusals(clock_timestamp(), p_survivor_id) as r)
        returning t.id
    )

    select coalesce(jsonb_agg(c.id), '[]') into v_rows from cancelled as c;
    v_overwritten := v_overwritten || jsonb_build_object('refused_calls', v_rows);
    with cancelled as (
        update trustcart.campaign_messages as m
        set
            status = 'cancelled',
            closed_at = clock_timestamp(),
            close_reason = 'no_consent: withdrawn before its turn came'
        from (select k.channel from trustcart.delivery_channels as k) as k
        cross join lateral trustcart_private.message_consents(k.channel, clock_timestamp(), array[p_survivor_id]) as l
        where m.customer_id = p_survivor_id and m.status = 'queued' and m.channel = k.channel and not l.granted
        returning m.id
    )

    select coalesce(jsonb_agg(c.id), '[]') into v_rows from cancelled as c;
    v_overwritten := v_overwritten || jsonb_build_object('refused_messages', v_rows);

    v_overwritten := v_overwritten || jsonb_build_object(
        'tiers_reached', to_jsonb(
            array(
                select r.tier
                from trustcart.loyalty_tiers_reached as r
                where
                    r.customer_id = p_survivor_id
                    and r.tier <> all(v_reached)
                    and not coalesce(
                        v_moved -> 'loyalty_tiers_reached' @> jsonb_build_array(jsonb_build_object('tier', r.tier)),
                        false
                    )
            )
        )
    );
    update trustcart.customer_merges as m
    set moved = v_moved, overwritten = v_overwritten
    where m.id = v_id;
    perform trustcart_private.emit_event(
        'customers_merged',
        i.customer_id,
        jsonb_build_object('merge_id', v_id, 'survivor_id', p_survivor_id, 'duplicate_id', p_duplicate_id)
    )
    from (values (p_survivor_id), (p_duplicate_id)) as i (customer_id);
    return jsonb_build_object(
        'merge_id', v_id,
        'survivor_id', p_survivor_id,
        'duplicate_id', p_duplicate_id,
        'moved', (
            select coalesce(jsonb_object_agg(e.key, jsonb_array_length(e.value)), '{}') from jsonb_each(v_moved) as e
        ),
        'filled', (
            select coalesce(jsonb_agg(f.key order by f.key), '[]')
            from jsonb_object_keys(v_overwritten -> 'filled') as f (key)
        )
    );
end;
$$;
comment on function trustcart.merge_customers(bigint, bigint, text) is
'Two customers are one: everything of the duplicate goes to the survivor, in one transaction, and the state of both is
counted afresh. What the survivor did not say (name, address, numbers, dates, wishes, agent) is filled from the
duplicate, notes are put together. Consents go over as they are: the latest by recorded_at holds. Of two generated
calls of one day the duplicate''s is cancelled, unless begun; of two messages of one campaign what is still queued. The
duplicate stays as an inactive shell with merged_into_id; orders that still come in under its id go to the survivor.
Where a unique key leaves no room a row stays with the shell. undo_merge() takes it back. Returns {"merge_id",
"survivor_id", "duplicate_id", "moved": rows by table, "filled": columns}. TC003 without a customer, TC004 when there
is none, TC111 one was erased or merged already, TC112 the duplicate is an adopted customer, TC211 into itself, or an
open account into a closed one, TC403 not yours.';

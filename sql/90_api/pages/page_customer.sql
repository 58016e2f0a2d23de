-- requires: log_access, check_access, check_contact, consent_of, user_name, customer_numbers, page_frame
-- requires: family_members
-- requires: explain_customer, page_customer_overview, page_customer_behavior, page_customer_timeline

create or replace function trustcart_api.page_customer(
    p_customer_id bigint,
    p_tab text default 'overview',
    p_before text default null,
    p_limit integer default 20
)
returns jsonb
language plpgsql volatile parallel unsafe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_customer jsonb;
begin
    if p_tab is null or p_tab not in ('overview', 'family', 'interactions', 'behavior', '360') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a tab of a customer''s page', coalesce(p_tab, '')),
            hint = 'Known are overview, family, interactions, behavior, 360.',
            column = 'tab';
    end if;
    perform trustcart.check_access(p_customer_id);
    -- The names of columns and their masking are the view's; what else the head shows stands beside it.
    select
        to_jsonb(v) || jsonb_build_object(
            'name', nullif(concat_ws(' ', v.first_name, v.last_name), ''),
            'lifetime_value', trim_scale(v.lifetime_value),
            'avg_order_value', trim_scale(v.avg_order_value),
            'agent_name', trustcart.user_name(v.assigned_agent_id),
            'gender', c.gender,
            'date_of_birth', c.date_of_birth,
            'anniversary_date', c.anniversary_date,
            'address', c.address,
            'city', c.city,
            'district', c.district,
            'notes', c.notes,
            'created_at', to_char(c.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'erased_at', to_char(c.erased_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'merged_into_id', c.merged_into_id,
            'numbers', (
                select
                    coalesce(
                        jsonb_agg(
                            jsonb_build_object(
                                'kind', n.kind,
                                'number', n.number,
                                -- Nobody calls a closed account.
                                'dial', case when c.is_active then n.dial end,
                                'is_mobile', n.is_mobile,
                                'is_wrong', n.is_wrong
                            )
                            order by n.kind <> 'phone'
                        ),
                        '[]'
                    )
                from trustcart.customer_numbers(c.id) as n
            )
        )
    into v_customer
    from trustcart.customer_360_view as v
    inner join trustcart.customers as c on v.customer_id = c.id
    where v.customer_id = p_customer_id;
    perform trustcart.log_access(p_customer_id);
    return jsonb_build_object(
        'frame', trustcart_api.page_frame(),
        'tab', p_tab,
        'customer', v_customer,
        'consents', (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'channel', n.channel,
                        'granted', n.granted,
                        'since', to_char(n.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'source', n.source,
                        'is_default', n.is_default
                    )
                )
            from trustcart.consent_of(p_customer_id) as n
        ),
        'contact_refusals', (
            select coalesce(jsonb_agg(jsonb_build_object('reason', r.reason, 'code', r.sqlstate)), '[]')
            from trustcart.check_contact(p_customer_id) as r
        ),
        'open_calls', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'id', t.id,
                            'task_type', t.task_type,
                            'priority', t.priority,
                            'task_date', t.task_date,
                            'due_at', to_char(t.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                            'agent_id', t.assigned_agent_id,
                            'agent_name', trustcart.user_name(t.assigned_agent_id),
                            'is_in_hand', t.claimed_by is not null,
                            'notes', t.notes
                        )
                        order by t.task_date, t.priority_rank, t.id
                    ),
                    '[]'
                )
            from (
                select k.*
                from trustcart.crm_call_tasks as k
                where k.customer_id = p_customer_id and k.status = 'pending'
                order by k.task_date, k.priority_rank, k.id
                limit 5
            ) as t
        ),
        'call_types', (
            select
                jsonb_agg(
                    jsonb_build_object('task_type', y.task_type, 'description', y.description) order by y.rank
                )
            from trustcart.call_task_types as y
            where y.is_enabled
        )
    ) || case p_tab
        when 'overview' then trustcart_api.page_customer_overview(p_customer_id)
        when 'family' then jsonb_build_object('family', trustcart_api.family_members(p_customer_id))
        when 'interactions' then jsonb_build_object(
            'timeline', trustcart_api.page_customer_timeline(
                p_customer_id, array['interaction', 'call', 'engagement'], p_before, p_limit
            )
        )
        when 'behavior' then trustcart_api.page_customer_behavior(p_customer_id)
        else jsonb_build_object(
            'intelligence', (
                select
                    jsonb_build_object(
                        'p_alive', i.p_alive,
                        'expected_orders_90_days', i.expected_orders_90_days,
                        'expected_value_90_days', i.expected_value_90_days,
                        'value_at_stake', i.value_at_stake,
                        'lateness', i.lateness,
                        'scored_on', i.scored_on,
                        'why', i.why
                    )
                from trustcart.customer_intelligence as i
                where i.customer_id = p_customer_id
            ),
            'classifications', (
                select
                    jsonb_agg(
                        jsonb_build_object(
                            'attribute', e.attribute,
                            'value', e.value,
                            'code', e.code,
                            'figures', e.figures,
                            'why', e.why,
                            'since', e.since,
                            'until', e.until,
                            'next_value', e.next_value
                        )
                    )
                from trustcart.explain_customer(p_customer_id) as e
            ),
            'timeline', trustcart_api.page_customer_timeline(p_customer_id, null, p_before, p_limit)
        )
    end;
end;
$$;
comment on function trustcart_api.page_customer(bigint, text, text, integer) is
'A customer''s page, as an object: frame; tab; customer (the row of customer_360_view and the rest of the head: numbers
with dial in E.164, null where nobody can or may dial it, is_mobile unless it is a landline of Bangladesh, is_wrong);
consents, a row a channel; contact_refusals, what speaks against a call now; open_calls (5; an agent''s own);
call_types to create one of; and what the tab shows: overview page_customer_overview(), family the family, interactions
the timeline of contacts, behavior page_customer_behavior(), 360 intelligence (the row of customer_intelligence),
classifications (explain_customer()) and the whole timeline. p_before and p_limit page the timeline. That it was read is written to audit_logs (view). TC002 tab, TC003
without a customer, TC004 when there is none, TC005 p_before or p_limit, TC402 nobody signed in, TC403 not an agent''s
customer (guide: "Customer Detail Page").';

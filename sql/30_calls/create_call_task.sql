-- requires: is_restricted, check_access, begin_request, require_date, require_agent, agent_for_call
-- requires: business_date, call_refusals

create or replace function trustcart.create_call_task(
    p_customer_id bigint,
    p_task_type text,
    p_priority text default null,
    p_task_date date default null,
    p_assigned_agent_id bigint default null,
    p_notes text default null,
    p_due_at timestamptz default null,
    p_request_id text default null
)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_earlier trustcart_private.call_requests := trustcart_private.begin_request(
        p_request_id,
        'create_call_task',
        jsonb_build_array(
            p_customer_id, p_task_type, p_priority, p_task_date, p_assigned_agent_id, p_notes,
            extract(epoch from p_due_at)
        )
    );
    v_today date := trustcart.business_date();
    v_settings trustcart.settings;
    v_customer trustcart.customers;
    v_type trustcart.call_task_types;
    v_due_on date;
    v_task_date date;
    v_now timestamptz := clock_timestamp();
    v_agent_id bigint;
    v_id bigint;
begin
    if v_earlier.request_id is not null then
        return v_earlier.task_id;
    end if;
    if p_customer_id is null or nullif(btrim(p_task_type), '') is null then
        raise exception using
            errcode = 'TC003',
            message = format('%s is required', case when p_customer_id is null then 'customer_id' else 'task_type' end),
            hint = 'A call task needs customer_id and task_type.';
    end if;
    select s.* into v_settings from trustcart.settings as s;
    select c.* into v_customer from trustcart.customers as c where c.id = p_customer_id;
    perform trustcart.check_access(p_customer_id);
    if not v_customer.is_active then
        raise exception using
            errcode = 'TC202',
            message = format('customer %s is inactive', p_customer_id),
            hint = 'Nobody calls a closed account; set customers.is_active if it is open again.';
    end if;
    if exists (select from trustcart_private.call_refusals(v_now, p_customer_id) as r) then
        raise exception using
            errcode = 'TC208',
            message = format('customer %s does not want to be called', p_customer_id),
            hint = 'Record a new consent in trustcart.customer_consents when the customer allows calls again.';
    end if;
    select t.* into v_type from trustcart.call_task_types as t where t.task_type = p_task_type;
    if not found then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a type of call task', p_task_type),
            hint = format(
                'Known are %s; new ones are rows of trustcart.call_task_types.',
                (select string_agg(t.task_type, ', ' order by t.rank) from trustcart.call_task_types as t)
            );
    elsif not v_type.is_enabled then
        raise exception using
            errcode = 'TC203',
            message = format('call tasks of type %s are disabled', p_task_type),
            hint = 'Enable the type in trustcart.call_task_types, or choose another.';
    end if;
    if p_priority not in ('hot', 'warm', 'cold') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a priority', p_priority),
            hint = 'Known are hot, warm, cold; without one it follows from the customer and the type.';
    end if;

    v_due_on := (p_due_at at time zone v_settings.time_zone)::date;
    v_task_date := trustcart_private.require_date(coalesce(p_task_date, v_due_on, v_today));
    -- An open call opens its customer to the agent: one far ahead would do so for good.
    if v_task_date > v_today + 92 and trustcart_private.is_restricted() then
        raise exception using
            errcode = 'TC403',
            message = format('task_date %s is more than 92 days ahead', v_task_date),
            hint = 'Agents plan the calls of three months; a manager any.';
    elsif v_task_date < v_today or p_due_at < now() then
        raise exception using
            errcode = 'TC204',
            message = case
                when v_task_date < v_today then format('task_date %s is past', v_task_date)
                else format('due_at %s is past', p_due_at)
            end,
            hint = 'A call can be planned for today or later.';
    elsif v_due_on <> v_task_date then
        raise exception using
            errcode = 'TC005',
            message = format('due_at falls on %s, the task on %s', v_due_on, v_task_date),
            hint = 'Give one of the two, or both for one day.';
    end if;

    -- Whoever is chosen may be full by the time the call gets there: then the next one, and in the end the pool. An
    -- agent that was asked for is an agent or an error.
    for v_try in 1..10 loop
        v_agent_id := case
            when p_assigned_agent_id is not null then trustcart_private.require_agent(p_assigned_agent_id)
            when v_try < 10
                then trustcart_private.agent_for_call(p_customer_id, v_task_date, v_type.required_skill)
        end;
        begin
            insert into trustcart.crm_call_tasks (
                customer_id, assigned_agent_id, task_type, priority, task_date, notes, source, due_at, why_agent
            )
            values (
                p_customer_id,
                v_agent_id,
                p_task_type,
                coalesce(
                    p_priority,
                    (array['hot', 'warm', 'cold'])[
                        least(
                            array_position(array['hot', 'warm', 'cold'], v_type.base_priority),
                            case
                                when
                                    v_customer.order_count >= v_settings.vip_order_count
                                    or v_customer.total_spend >= v_settings.vip_spend
                                    then 1
                                when v_customer.lifecycle_stage = 'at_risk' then 2
                                else 3
                            end
                        )
                    ]
                ),
                v_task_date,
                p_notes,
                'manual',
                p_due_at,
                case
                    when v_agent_id is null then 'nobody has room'
                    when p_assigned_agent_id is not null then 'asked for'
                    when v_agent_id = v_customer.assigned_agent_id then 'the customer''s own agent'
                    else 'the least loaded agent'
                end
            )
            returning id into v_id;
            update trustcart_private.call_requests as r set task_id = v_id where r.request_id = p_request_id;
            return v_id;
        exception
            when sqlstate 'TC201' or sqlstate 'TC206' or sqlstate 'TC207' then
                if p_assigned_agent_id is not null then
                    raise;
                end if;
        end;
    end loop;
end;
$$;
comment on function trustcart.create_call_task(bigint, text, text, date, bigint, text, timestamptz, text) is
'Creates a call task by hand, of any enabled type; returns its id. p_priority defaults to that of the customer, at least
the type''s; p_task_date to the day of p_due_at, else today; p_assigned_agent_id to the customer''s own agent, else the
least loaded who works that day, has room and suits; when there is none the call waits in the pool, unassigned.
p_request_id again returns the same id and creates nothing. TC001 date, TC002 type or priority, TC003 missing, TC004 no such customer or user, TC005 dates that disagree, TC106 request id, TC201 agent,
TC202 customer inactive, TC203 type disabled, TC204 past, TC206 the agent given has no room, TC207 is away, TC208 the
customer refused calls, TC403 not an agent''s customer, for another agent, or more than 92 days ahead (guide: "createCallTask").';

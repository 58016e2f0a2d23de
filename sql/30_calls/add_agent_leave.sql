-- requires: require_agent, require_date

create or replace function trustcart.add_agent_leave(
    p_agent_id bigint,
    p_from date,
    p_until date,
    p_reason text default null
)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_agent_id bigint;
    v_from date;
    v_until date;
    v_constraint text;
    v_there daterange;
    v_id bigint;
begin
    if p_agent_id is null or p_from is null or p_until is null then
        raise exception using
            errcode = 'TC003',
            message = format(
                '%s is required',
                case when p_agent_id is null then 'agent_id' when p_from is null then 'from' else 'until' end
            ),
            hint = 'Leave needs the agent, the first day and the last, which is included.';
    end if;
    v_agent_id := trustcart_private.require_agent(p_agent_id);
    v_from := trustcart_private.require_date(p_from);
    v_until := trustcart_private.require_date(p_until);
    if v_until < v_from then
        raise exception using
            errcode = 'TC005',
            message = format('the leave ends on %s, before it begins on %s', v_until, v_from),
            hint = 'Give the first day and the last, which is included.';
    end if;

    insert into trustcart.agent_leave (agent_id, during, reason)
    values (v_agent_id, daterange(v_from, v_until, '[]'), nullif(btrim(p_reason), ''))
    returning id into v_id;
    return v_id;
exception
    when exclusion_violation then
        get stacked diagnostics v_constraint = constraint_name;
        if v_constraint <> 'agent_leave_no_overlap' then
            raise;
        end if;
        select l.during
        into v_there
        from trustcart.agent_leave as l
        where l.agent_id = p_agent_id and l.during && daterange(p_from, p_until, '[]')
        order by l.during
        limit 1;
        raise exception using
            errcode = 'TC210',
            message = format(
                'agent %s is on leave from %s to %s already', p_agent_id, lower(v_there), upper(v_there) - 1
            ),
            hint = 'Enter the other days, or cancel that leave with trustcart.cancel_agent_leave() first.';
end;
$$;
comment on function trustcart.add_agent_leave(bigint, date, date, text) is
'Enters leave of an agent, p_until included; returns its id. The agent''s open calls of those days, from today on, go to
others at once (reassign_agent_calls). TC001 dates, TC003 missing, TC004 no such user, TC005 it ends before it begins,
TC201 not an active crm_agent, TC210 on leave already.';

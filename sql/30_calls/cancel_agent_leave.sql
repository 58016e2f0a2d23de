create or replace function trustcart.cancel_agent_leave(p_leave_id bigint)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_leave_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'leave_id is required',
            hint = 'Give the id that add_agent_leave() returned.';
    end if;
    delete from trustcart.agent_leave as l where l.id = p_leave_id;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no leave %s', p_leave_id),
            hint = 'Take the id from trustcart.agent_leave.';
    end if;
end;
$$;
comment on function trustcart.cancel_agent_leave(bigint) is
'Removes leave of an agent, who can be given calls of those days again; calls that went to others stay with them. TC003
without an id, TC004 no such leave.';

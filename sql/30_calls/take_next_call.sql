-- requires: require_agent, call_in_hand, claim_next_call

create or replace function trustcart_private.take_next_call(p_agent_id bigint)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_task_id bigint;
begin
    perform trustcart_private.require_agent(p_agent_id);
    -- Two pages of one agent get one call: the second waits here and finds what the first has claimed.
    perform from trustcart.users as u where u.id = p_agent_id for no key update;
    v_task_id := trustcart.call_in_hand(p_agent_id);
    if v_task_id is null then
        select t.id into v_task_id from trustcart.claim_next_call(p_agent_id) as t;
    end if;
    return v_task_id;
end;
$$;
comment on function trustcart_private.take_next_call(bigint) is
'The call that an agent has in hand, else the next one, claimed; null when the list holds none now. Unlike
claim_next_call(), which hands out another one each time, it is for people, who make one call at a time. Errors as
claim_next_call().';

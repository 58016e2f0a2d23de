create or replace function trustcart_private.lock_agent_of_leave()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- An exclusion constraint looks for rows in the way once its own is written: two sessions that enter leave of the
    -- same days would each wait for the other. The agent comes before tasks and days, as where a call is taken.
    perform from trustcart.users as u where u.id = new.agent_id for no key update;
    return new;
end;
$$;
comment on function trustcart_private.lock_agent_of_leave() is
'Trigger of agent_leave: leave of one agent is entered by one session at a time, so that agent_leave_no_overlap refuses
the second instead of a deadlock.';

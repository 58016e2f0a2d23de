-- requires: reassign_agent_calls, business_date

create or replace function trustcart_private.hand_over_on_departure()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform trustcart.reassign_agent_calls(
        new.id, trustcart.business_date(), date '2199-12-31', format('agent %s is no longer an active agent', new.id)
    );
    return null;
end;
$$;
comment on function trustcart_private.hand_over_on_departure() is
'Trigger of users: the calls of who is no longer an active agent go to others at once.';

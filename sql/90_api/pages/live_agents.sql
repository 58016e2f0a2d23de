-- requires: check_signed_in, check_agent_access, is_restricted, own_agent_ids

create or replace function trustcart_api.live_agents(p_agent_id bigint default null)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform trustcart_private.check_signed_in();
    if p_agent_id is not null then
        perform trustcart.check_agent_access(p_agent_id);
        return jsonb_build_object('agent_ids', jsonb_build_array(p_agent_id));
    end if;
    return jsonb_build_object(
        'agent_ids',
        case when trustcart_private.is_restricted() then to_jsonb(trustcart_private.own_agent_ids()) end
    );
end;
$$;
comment on function trustcart_api.live_agents(bigint) is
'Of whose calls a page that stays open is told, by the channel trustcart_calls: {"agent_ids"} of p_agent_id alone, else
of the caller and the caller''s team; null: of everybody''s. TC402 when nobody is signed in, TC403 another one''s.';

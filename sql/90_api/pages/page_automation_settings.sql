-- requires: page_frame, call_settings

create or replace function trustcart_api.page_automation_settings()
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_frame jsonb := trustcart_api.page_frame();
begin
    return jsonb_build_object(
        'frame', v_frame,
        'settings', trustcart_private.call_settings(),
        'types', (
            select jsonb_agg(to_jsonb(t) order by t.rank)
            from trustcart.call_task_types as t
        ),
        'skills', coalesce(
            (select jsonb_agg(distinct k.skill) from trustcart.agent_skills as k), '[]'
        )
    );
end;
$$;
comment on function trustcart_api.page_automation_settings() is
'What decides the call list: settings (call_settings()), types (rows of call_task_types in rank), skills that agents
have. Changed by change_call_settings() and change_call_task_type(). Managers alone.';

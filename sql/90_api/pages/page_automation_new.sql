-- requires: page_frame

create or replace function trustcart_api.page_automation_new()
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
        'segments',
        '["all", "new", "repeat", "vip", "inactive"]'::jsonb || coalesce(
            (select jsonb_agg(g.name order by g.name) from trustcart.segments as g), '[]'
        ),
        'variables', (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'name', t.name, 'description', t.description, 'fallback', t.fallback, 'of_event', t.of_event
                    )
                    order by t.of_event, t.name
                )
            from trustcart.template_variables as t
        ),
        'attribution_days', (select s.attribution_days from trustcart.settings as s)
    );
end;
$$;
comment on function trustcart_api.page_automation_new() is
'What the form for a new campaign needs: segments, the guide''s five and the saved ones; variables, what templates may
name; attribution_days, which holds unless the campaign says otherwise. Managers alone.';

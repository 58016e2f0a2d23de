-- requires: page_frame, preview_campaign

create or replace function trustcart_api.page_automation_preview(p_campaign_id bigint, p_limit integer default 5)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_frame jsonb := trustcart_api.page_frame();
begin
    return trustcart.preview_campaign(p_campaign_id, least(p_limit, 50)) || jsonb_build_object('frame', v_frame);
end;
$$;
comment on function trustcart_api.page_automation_preview(bigint, integer) is
'What sending a campaign would do now, before it is confirmed: preview_campaign() with its first p_limit messages, 50 at
most. Managers alone. Errors as preview_campaign().';

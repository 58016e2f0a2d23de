-- requires: page_frame

create or replace function trustcart_api.page_password()
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
        'email', (select u.email::text from trustcart.users as u where u.id = (v_frame ->> 'user_id')::bigint)
    );
end;
$$;
comment on function trustcart_api.page_password() is
'The page for changing one''s own password: frame (page_frame()) and the email that one signs in with. TC402 when nobody
is signed in.';

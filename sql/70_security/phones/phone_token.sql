-- requires: normalize_phone

create or replace function trustcart_private.phone_token(p_text text, p_search_key bytea)
returns text
language plpgsql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_phone text := trustcart.normalize_phone(p_text);
begin
    return 'enc:' || case
        when v_phone is null then 'text'
        when v_phone like '+8801%' then 'mobile'
        when v_phone like '+880%' then 'landline'
        else 'foreign'
    end || ':' || encode(
        sha256(substr(p_search_key, 65) || sha256(substr(p_search_key, 1, 64) || convert_to(p_text, 'UTF8'))), 'hex'
    );
end;
$$;
comment on function trustcart_private.phone_token(text, bytea) is
'What stands in the place of a phone number: enc:, mobile, landline (of Bangladesh), foreign or text (no number), and
HMAC-SHA-256 of the text as it is: equal for equal texts only.';

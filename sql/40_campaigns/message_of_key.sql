create or replace function trustcart_private.message_of_key(p_key text)
returns bigint
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_parts text[] := regexp_match(
        lower(btrim(p_key)), '^([1-9][0-9]{0,17})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$'
    );
begin
    if v_parts is null then
        return null;
    end if;
    return (
        select m.id
        from trustcart.campaign_messages as m
        where m.id = v_parts[1]::bigint and m.token = v_parts[2]::uuid
    );
end;
$$;
comment on function trustcart_private.message_of_key(text) is
'The message with this key (<id>-<token>, see message_key()); null when there is none, for whichever reason.';

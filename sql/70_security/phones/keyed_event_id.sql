-- requires: phone_search_key

create or replace function trustcart_private.keyed_event_id(p_event_id text)
returns text
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_search_key bytea;
begin
    if (select e.state in ('off', 'turning_off') from trustcart_private.phone_encryption as e) then
        return p_event_id;
    end if;
    v_search_key := trustcart_private.phone_search_key();
    return 'inbound keyed ' || encode(
        sha256(
            substr(v_search_key, 65) || sha256(substr(v_search_key, 1, 64) || convert_to(p_event_id, 'UTF8'))
        ),
        'hex'
    );
end;
$$;
comment on function trustcart_private.keyed_event_id(text) is
'The id of an inbound message that its provider gave none, made of its sender: while phone numbers are encrypted its
keyed digest, from which nobody finds the sender. TC501 for a wrong key, TC502 without one.';

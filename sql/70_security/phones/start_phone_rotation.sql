-- requires: need_phone_key, new_phone_key, phone_master_fingerprint

create or replace function trustcart_private.start_phone_rotation(p_key text)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_encryption trustcart_private.phone_encryption;
    v_master bytea := trustcart_private.parse_phone_key(p_key);
    v_left bigint;
begin
    perform trustcart.set_phone_key(p_key);
    select e.* into v_encryption from trustcart_private.phone_encryption as e for update;
    if v_encryption.state = 'off' then
        raise exception using
            errcode = 'TC504',
            message = 'phone numbers are not encrypted',
            hint = 'Run trustcart-db encryption on first.';
    end if;
    perform trustcart_private.need_phone_key(k.id) from trustcart_private.phone_keys as k;
    delete from trustcart_private.phone_key_wraps as w
    where w.master <> trustcart_private.phone_master_fingerprint(v_master);
    -- One that was interrupted goes on with its key.
    if not exists (
        select from trustcart_private.phone_keys as k
        where k.purpose = 'data' and k.id <> v_encryption.data_key_id
    ) then
        update trustcart_private.phone_encryption as e
        set data_key_id = trustcart_private.new_phone_key('data', v_master);
    end if;
    select count(*) into v_left
    from trustcart_private.phone_vault as v
    cross join trustcart_private.phone_encryption as e
    where v.key_id <> e.data_key_id;
    return v_left;
end;
$$;
comment on function trustcart_private.start_phone_rotation(text) is
'Begins to encrypt the vault anew: under a new data key, which only the master key given opens from here on. Returns how
many numbers there are to do, by rotate_phones(); one that was interrupted goes on. TC501 for a wrong key, TC504 when
encryption is off.';

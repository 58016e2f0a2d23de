create or replace function trustcart_private.finish_phone_rotation()
returns boolean
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from trustcart_private.phone_keys as k
    where k.purpose = 'data' and k.id <> (select e.data_key_id from trustcart_private.phone_encryption as e);
    return true;
exception
    -- Whoever was about to write a number with it, and was waited for, has.
    when foreign_key_violation or restrict_violation then
        return false;
end;
$$;
comment on function trustcart_private.finish_phone_rotation() is
'Deletes the former data key and returns true. False: a number is encrypted with it still, call rotate_phones() again.';

-- requires: drop_phone_triggers, phone_texts_of, convert_other_phones

create or replace function trustcart_private.finish_phone_conversion()
returns boolean
language plpgsql volatile parallel unsafe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text;
begin
    select e.state into v_state from trustcart_private.phone_encryption as e for update;
    if v_state in ('on', 'off') then
        return true;
    end if;
    if v_state = 'turning_off' and exists (
        select from pg_trigger as t
        where t.tgrelid = 'trustcart.customers'::regclass and t.tgname = 'customers_conceal'
    ) then
        -- Whoever writes is waited for; what came in behind our back is seen in the next transaction.
        perform trustcart_private.drop_phone_triggers();
        return false;
    end if;
    if trustcart_private.phone_texts_of(0, 9223372036854775807, v_state = 'turning_off') <> '{}' then
        update trustcart_private.phone_encryption as e
        set done_to = 0;
        return false;
    end if;
    perform trustcart_private.convert_other_phones();
    if v_state = 'turning_on' then
        update trustcart_private.phone_encryption as e
        set state = 'on', done_to = 0, changed_at = clock_timestamp();
    else
        update trustcart_private.phone_encryption as e
        set state = 'off', search_key_id = null, data_key_id = null, done_to = 0, changed_at = clock_timestamp();
        delete from trustcart_private.phone_vault;
        delete from trustcart_private.phone_keys;
    end if;
    return true;
end;
$$;
comment on function trustcart_private.finish_phone_conversion() is
'Ends turning encryption on or off, once convert_phones() is done, and returns true. False: something is left, call
convert_phones() and then this again, each in a transaction of its own. TC501 for a wrong key, TC502 without one.';

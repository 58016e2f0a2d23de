-- requires: is_restricted, conceal_phones, revealed_phones, readable_phone, is_phone_token, masked_phone, e164_of_token

create or replace function trustcart_private.stored_phone(
    p_new text, p_old text, p_customer_id bigint default null
)
returns text
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_state text := (select e.state from trustcart_private.phone_encryption as e);
begin
    if p_new is null or btrim(p_new) = '' or p_new = p_old then
        return p_new;
    elsif v_state = 'off' then
        -- Only its triggers call us, and they are there: this transaction sees the past (repeatable read).
        raise exception using
            errcode = 'serialization_failure',
            message = 'encryption of phone numbers was turned on or off meanwhile',
            hint = 'Run it again.';
    elsif p_customer_id is not null and v_state in ('turning_on', 'turning_off') then
        -- What is compared with a customer's own numbers is of their kind, until they are of the other, and it with them.
        select
            case
                when p_new in (c.phone_e164, c.mobile_e164, btrim(c.phone), btrim(c.mobile)) then 'as it is'
                when concat(c.phone, c.mobile) ~ 'enc:' then 'turning_on'
                when concat(c.phone, c.mobile) ~ '[^ ]' then 'turning_off'
                else v_state
            end
        into v_state
        from trustcart.customers as c
        where c.id = p_customer_id;
        if v_state = 'as it is' then
            return p_new;
        end if;
    end if;
    if p_new like '%***%' then
        -- Whatever was typed long ago comes back as it was.
        if v_state = 'turning_off' and btrim(p_new) = btrim(trustcart_private.revealed_phones(array[p_old]) ->> p_old) then
            return p_new;
        elsif p_new = trustcart_private.masked_phone(p_old) then
            return p_old;
        end if;
        raise exception using
            errcode = 'TC005',
            message = 'a masked phone number is no number to store',
            hint = 'Give the whole number, or leave it as it is.';
    elsif trustcart_private.is_phone_token(p_new) then
        -- Who reads a token, or guesses it from plans, must not get its number by entering it somewhere else.
        if trustcart_private.is_restricted() and not exists (
            select from trustcart.customers as c
            where c.id = p_customer_id and p_new in (c.phone, c.phone_e164, c.mobile, c.mobile_e164)
        ) then
            raise exception using
                errcode = 'TC005',
                message = 'that is no phone number',
                hint = 'Give the number as it is dialled.';
        end if;
        perform trustcart_private.e164_of_token(p_new);
        return case when v_state = 'turning_off' then trustcart_private.readable_phone(p_new) else p_new end;
    end if;
    return case
        when v_state = 'turning_off' then p_new
        else trustcart_private.conceal_phones(array[p_new]) ->> p_new
    end;
end;
$$;
comment on function trustcart_private.stored_phone(text, text, bigint) is
'What is to stand in a phone column for what was entered, p_old being there now: the token, and while encryption is
being turned off the number; meanwhile, with p_customer_id, whichever that customer''s own numbers are. What is there
already stays, also when it comes back masked from a form. TC005 for another masked number or an unknown token, TC501 for
a wrong key, TC502 without one, 40001 when the transaction sees a former state.';

-- requires: instant_of_caller, check_access, phone_key, normalize_phone, readable_phone, mask_address

create or replace function trustcart.clear_wrong_number(
    p_customer_id bigint,
    p_phone text,
    p_at timestamptz default now()
)
returns text
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_customer_id bigint := trustcart.check_access(p_customer_id);
    v_phone text := trustcart_private.phone_key(p_phone, trustcart.normalize_phone(p_phone));
begin
    if v_phone is null then
        raise exception using
            errcode = 'TC003',
            message = 'phone is required',
            hint = 'Give the number that is right after all.';
    end if;
    update trustcart.customer_phone_flags as f
    set cleared_at = greatest(trustcart_private.instant_of_caller(p_at), f.flagged_at)
    where
        f.customer_id = v_customer_id
        and f.cleared_at is null
        -- A number that is not one, as it was typed, has no token that could be made of what was given here.
        and (
            f.phone = v_phone
            or f.phone like 'enc:%'
            and trustcart_private.phone_key(
                trustcart_private.readable_phone(f.phone),
                trustcart.normalize_phone(trustcart_private.readable_phone(f.phone))
            ) = v_phone
        );
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format(
                '%s of customer %s is not flagged', trustcart_private.mask_address(v_phone), v_customer_id
            ),
            hint = 'Flagged are the rows of trustcart.customer_phone_flags without cleared_at.';
    end if;
    return v_phone;
end;
$$;
comment on function trustcart.clear_wrong_number(bigint, text, timestamptz) is
'Takes back flag_wrong_number(): the number, written in any way, is right after all and is called again; its flag stays
as history. Returns the number as flags know it. TC003 missing, TC004 no such customer, or the number is not flagged.';

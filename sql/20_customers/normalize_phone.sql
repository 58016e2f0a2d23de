create or replace function trustcart.normalize_phone(p_phone text)
returns text
language plpgsql immutable parallel safe strict
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_digits text;
begin
    if p_phone ~ '^01[3-9][0-9]{8}$' then
        return '+88' || p_phone;
    end if;
    -- What people write between the digits; a comma or a slash separates two numbers, so it stays and fails below.
    v_digits := regexp_replace(translate(p_phone, '০১২৩৪৫৬৭৮৯', '0123456789'), '[\s().–—‑-]', '', 'g');
    return case
        -- Mobiles of Bangladesh: 01…, without its 0 as spreadsheets leave it, with the country code, with both.
        when v_digits ~ '^((\+|00)?880)?0?1[3-9][0-9]{8}$' then '+880' || right(v_digits, 10)
        -- Landlines of Bangladesh, area code included.
        when v_digits ~ '^0[2-9][0-9]{6,9}$' then '+880' || substr(v_digits, 2)
        when v_digits ~ '^(\+|00)?8800?[2-9][0-9]{6,9}$' then '+880' || substring(v_digits, '^\+?0*8800?(.*)$')
        -- Any other country, which only its code tells.
        when v_digits ~ '^(\+|00)880' then null
        when v_digits ~ '^\+[1-9][0-9]{7,14}$' then v_digits
        when v_digits ~ '^00[1-9][0-9]{7,14}$' then '+' || substr(v_digits, 3)
    end;
end;
$$;
comment on function trustcart.normalize_phone(text) is
'A phone number as typed, in E.164: Bangla digits, 01..., 1..., 8801..., +8801..., 008801... and landlines of
Bangladesh, and any number written with + or 00 and its country code. Null when it cannot be one.';

-- requires: normalize_phone, phone_forms

create or replace function trustcart_private.search_keys(p_search text)
returns bigint[]
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_number text := translate(p_search, '০১২৩৪৫৬৭৮৯', '0123456789');
    v_phone text := trustcart.normalize_phone(p_search);
begin
    if strpos(p_search, '@') > 0 then
        return array(
            select w.customer_id
            from trustcart_private.customer_words as w
            where w.word = '@' || left(lower(p_search), 254)
        );
    elsif v_number ~ '^[0-9+#().–—‑[:space:]-]+$' and v_number ~ '[0-9]' then
        return array(
            select b.customer_id
            from trustcart_private.phone_book as b
            where v_phone is not null and b.phone_e164 = any(trustcart_private.phone_forms(array[v_phone]))
            union
            select c.id
            from trustcart.customers as c
            where c.id = substring(v_number from '^#?([0-9]{1,18})$')::bigint
        );
    end if;
    return null;
end;
$$;
comment on function trustcart_private.search_keys(text) is
'The customers with this e-mail address, phone number (their own or of their family, however it is written) or
customer_id; null when the text is none of these, and so a name. Where numbers are encrypted TC501 for a wrong key,
TC502 without one.';

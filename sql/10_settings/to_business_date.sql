-- requires: parse_date

create or replace function trustcart.to_business_date(p_text text)
returns date
language plpgsql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if btrim(p_text) <> '' then
        return trustcart_private.parse_date(p_text);
    end if;
    return null;
end;
$$;
comment on function trustcart.to_business_date(text) is
'The date that an endpoint was given as text: YYYY-MM-DD, null when blank, TC001 when it is none.';

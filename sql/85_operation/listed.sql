create or replace function trustcart_private.listed(p_words text[])
returns text
language plpgsql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return array_to_string(p_words[:4], ', ')
    || case when cardinality(p_words) > 4 then format(' and %s more', cardinality(p_words) - 4) else '' end;
end;
$$;
comment on function trustcart_private.listed(text[]) is
'Words as a sentence names them: the first four, and how many more there are. Null of null.';

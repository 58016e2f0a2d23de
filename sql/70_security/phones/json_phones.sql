create or replace function trustcart_private.json_phones(p_document jsonb)
returns text[]
language plpgsql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select distinct f.phone #>> '{}'
        from (
            select jsonb_path_query(p_document, 'strict $.**.phone') as phone
            union all
            select jsonb_path_query(p_document, 'strict $.**.phone_e164')
            union all
            select jsonb_path_query(p_document, 'strict $.**.mobile')
            union all
            select jsonb_path_query(p_document, 'strict $.**.mobile_e164')
        ) as f
        where jsonb_typeof(f.phone) = 'string'
    );
end;
$$;
comment on function trustcart_private.json_phones(jsonb) is
'What stands under the names of our phone columns (phone, phone_e164, mobile, mobile_e164) anywhere in a document.';

create or replace function trustcart_private.replace_json_phones(p_document jsonb, p_phones jsonb)
returns jsonb
language plpgsql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    case jsonb_typeof(p_document)
        when 'object' then
            return (
                select
                    coalesce(
                        jsonb_object_agg(
                            e.key,
                            case
                                when
                                    e.key in ('phone', 'phone_e164', 'mobile', 'mobile_e164')
                                    and jsonb_typeof(e.value) = 'string'
                                    then coalesce(p_phones -> (e.value #>> '{}'), e.value)
                                else trustcart_private.replace_json_phones(e.value, p_phones)
                            end
                        ),
                        jsonb_build_object()
                    )
                from jsonb_each(p_document) as e
            );
        when 'array' then
            return (
                select
                    coalesce(
                        jsonb_agg(trustcart_private.replace_json_phones(a.value, p_phones) order by a.place),
                        jsonb_build_array()
                    )
                from jsonb_array_elements(p_document) with ordinality as a (value, place)
            );
        else
            return p_document;
    end case;
end;
$$;
comment on function trustcart_private.replace_json_phones(jsonb, jsonb) is
'A document with what json_phones() finds in it replaced as {old: new} says; what that does not know stays.';

-- requires: shown_phone

create or replace function trustcart_api.family_members(p_customer_id bigint)
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customerId is required',
            hint = 'Give the id of a customer.';
    end if;
    perform trustcart.check_access(p_customer_id);
    return coalesce(
        (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'id', f.id,
                        'name', f.name,
                        'relationship', f.relationship,
                        'date_of_birth', f.date_of_birth,
                        'anniversary_date', f.anniversary_date,
                        'phone', trustcart.shown_phone(f.phone),
                        'address', f.address,
                        'notes', f.notes
                    )
                    order by f.id
                )
            from trustcart.customer_family_members as f
            where f.customer_id = p_customer_id
        ),
        '[]'
    );
end;
$$;
comment on function trustcart_api.family_members(bigint) is
'GET /cdm/family-members/:customerId: the family of a customer as an array, as it was entered. TC003 without an id,
TC004 for an unknown one, TC403 not an agent''s customer.';

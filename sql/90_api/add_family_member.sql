-- requires: parse_date, shown_phone

create or replace function trustcart_api.add_family_member(
    p_customer_id bigint,
    p_name text,
    p_relationship text,
    p_date_of_birth text default null,
    p_phone text default null,
    p_address text default null,
    p_notes text default null,
    p_anniversary_date text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_missing text;
    v_member jsonb;
begin
    select a.argument
    into v_missing
    from (
        values ('customerId', p_customer_id::text), ('name', p_name), ('relationship', p_relationship)
    ) as a (argument, value)
    where coalesce(btrim(a.value), '') = ''
    limit 1;
    if v_missing is not null then
        raise exception using
            errcode = 'TC003',
            message = v_missing || ' is required',
            hint = 'A family member needs customerId, name and relationship.',
            column = v_missing;
    end if;
    perform trustcart.check_access(p_customer_id);
    -- Held against a deletion until we are done.
    perform from trustcart.customers as c where c.id = p_customer_id for key share;
    insert into trustcart.customer_family_members as f (
        customer_id, name, relationship, date_of_birth, anniversary_date, phone, address, notes
    )
    values (
        p_customer_id,
        btrim(p_name),
        btrim(p_relationship),
        case when btrim(p_date_of_birth) <> '' then trustcart_private.parse_date(p_date_of_birth) end,
        case when btrim(p_anniversary_date) <> '' then trustcart_private.parse_date(p_anniversary_date) end,
        nullif(btrim(p_phone), ''),
        nullif(btrim(p_address), ''),
        nullif(btrim(p_notes), '')
    )
    returning
        jsonb_build_object(
            'id', f.id,
            'customer_id', f.customer_id,
            'name', f.name,
            'relationship', f.relationship,
            'date_of_birth', f.date_of_birth,
            'anniversary_date', f.anniversary_date,
            'phone', f.phone,
            'address', f.address,
            'notes', f.notes
        )
    into v_member;
    -- A statement later: what a trigger has just put into the vault is not there for the statement that it fired in.
    return v_member || jsonb_build_object('phone', trustcart.shown_phone(v_member ->> 'phone'));
end;
$$;
comment on function trustcart_api.add_family_member(bigint, text, text, text, text, text, text, text) is
'POST /cdm/family-member: writes a family member and returns it, with its id. Dates are YYYY-MM-DD, blank is none. TC003
without customerId, name or relationship, TC004 for an unknown customer, TC001 for a date that is none, TC403 not an agent''s customer.';

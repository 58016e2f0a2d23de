-- requires: parse_date, shown_phone, check_access

create or replace function trustcart_api.update_family_member(
    p_family_member_id bigint,
    p_name text default null,
    p_relationship text default null,
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
    v_customer_id bigint;
    v_member jsonb;
begin
    if p_family_member_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'familyMemberId is required',
            hint = 'Give the id of a family member.',
            column = 'familyMemberId';
    elsif btrim(p_name) = '' or btrim(p_relationship) = '' then
        raise exception using
            errcode = 'TC003',
            message = case when btrim(p_name) = '' then 'name' else 'relationship' end || ' is required',
            hint = 'A family member keeps a name and a relationship; leave them out to keep those on record.',
            column = case when btrim(p_name) = '' then 'name' else 'relationship' end;
    end if;
    select f.customer_id into v_customer_id
    from trustcart.customer_family_members as f
    where f.id = p_family_member_id
    for no key update;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no family member %s', p_family_member_id),
            hint = 'Take the id from family_members().',
            column = 'familyMemberId';
    end if;
    perform trustcart.check_access(v_customer_id);
    update trustcart.customer_family_members as f
    set
        name = coalesce(btrim(p_name), f.name),
        relationship = coalesce(btrim(p_relationship), f.relationship),
        date_of_birth = case
            when p_date_of_birth is null then f.date_of_birth
            when btrim(p_date_of_birth) <> '' then trustcart_private.parse_date(p_date_of_birth)
        end,
        anniversary_date = case
            when p_anniversary_date is null then f.anniversary_date
            when btrim(p_anniversary_date) <> '' then trustcart_private.parse_date(p_anniversary_date)
        end,
        phone = case when p_phone is null then f.phone else nullif(btrim(p_phone), '') end,
        address = case when p_address is null then f.address else nullif(btrim(p_address), '') end,
        notes = case when p_notes is null then f.notes else nullif(btrim(p_notes), '') end
    where f.id = p_family_member_id
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
    -- A statement later, as in add_family_member().
    return v_member || jsonb_build_object('phone', trustcart.shown_phone(v_member ->> 'phone'));
end;
$$;
comment on function trustcart_api.update_family_member(bigint, text, text, text, text, text, text, text) is
'Changes a family member and returns it. What is left out stays as it is, blank takes it away; dates are YYYY-MM-DD.
TC001 for a date that is none, TC003 without familyMemberId or for a blank name or relationship, TC004 for an unknown
one, TC403 not of an agent''s customer.';

-- requires: check_access

create or replace function trustcart_api.remove_family_member(p_family_member_id bigint)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_member jsonb;
begin
    if p_family_member_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'familyMemberId is required',
            hint = 'Give the id of a family member.',
            column = 'familyMemberId';
    end if;
    -- Asked of the row itself, when it is locked: somebody else may be removing it.
    select
        jsonb_build_object(
            'id', f.id,
            'customer_id', trustcart.check_access(f.customer_id),
            'name', f.name,
            'relationship', f.relationship
        )
    into v_member
    from trustcart.customer_family_members as f
    where f.id = p_family_member_id
    for update;
    if not found then
        raise exception using
            errcode = 'TC004',
            message = format('there is no family member %s', p_family_member_id),
            hint = 'Take the id from family_members().',
            column = 'familyMemberId';
    end if;
    delete from trustcart.customer_family_members as f where f.id = p_family_member_id;
    return v_member;
end;
$$;
comment on function trustcart_api.remove_family_member(bigint) is
'Removes a family member for good, the birthday and the phone by which callers are known with it; returns id,
customer_id, name and relationship of who is gone. TC003 without familyMemberId, TC004 for an unknown one, TC403 not
of an agent''s customer.';

-- requires: parse_date

create or replace function trustcart_private.learn_family_member(p_customer_id bigint, p_member jsonb)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_keys constant text[] := array['name', 'relationship', 'date_of_birth', 'anniversary_date', 'phone'];
    v_key text;
    v_id bigint;
begin
    if jsonb_typeof(p_member) <> 'object' then
        raise exception using
            errcode = 'TC005',
            message = format('family_member is an object, not of type %s', jsonb_typeof(p_member)),
            hint = 'For example {"name": "Karima", "relationship": "spouse", "date_of_birth": "1990-05-17"}.';
    end if;
    select k.key into v_key
    from jsonb_object_keys(p_member) as k (key)
    where k.key <> all(c_keys)
    order by k.key
    limit 1;
    if found then
        raise exception using
            errcode = 'TC002',
            message = format('a family member has no %L', v_key),
            hint = 'Known are ' || array_to_string(c_keys, ', ') || '.';
    end if;
    select k.key into v_key
    from unnest(c_keys[1:2]) as k (key)
    where coalesce(btrim(p_member ->> k.key), '') = ''
    limit 1;
    if found then
        raise exception using
            errcode = 'TC003',
            message = format('the family member''s %s is required', v_key),
            hint = 'A family member needs name and relationship.';
    end if;

    -- Told again, as after an undo, it is the same person; what is new about them is noted.
    update trustcart.customer_family_members as f
    set
        date_of_birth = coalesce(trustcart.to_business_date(p_member ->> 'date_of_birth'), f.date_of_birth),
        anniversary_date = coalesce(trustcart.to_business_date(p_member ->> 'anniversary_date'), f.anniversary_date),
        phone = coalesce(nullif(btrim(p_member ->> 'phone'), ''), f.phone)
    where f.id = (
        select o.id
        from trustcart.customer_family_members as o
        where
            o.customer_id = p_customer_id
            and lower(o.name) = lower(btrim(p_member ->> 'name'))
            and lower(o.relationship) = lower(btrim(p_member ->> 'relationship'))
        order by o.id
        limit 1
    )
    returning f.id into v_id;
    if found then
        return v_id;
    end if;
    insert into trustcart.customer_family_members (
        customer_id, name, relationship, date_of_birth, anniversary_date, phone
    )
    values (
        p_customer_id,
        btrim(p_member ->> 'name'),
        btrim(p_member ->> 'relationship'),
        trustcart.to_business_date(p_member ->> 'date_of_birth'),
        trustcart.to_business_date(p_member ->> 'anniversary_date'),
        nullif(btrim(p_member ->> 'phone'), '')
    )
    returning id into v_id;
    return v_id;
end;
$$;
comment on function trustcart_private.learn_family_member(bigint, jsonb) is
'Writes a family member that a customer told of in a call: name, relationship, date_of_birth, anniversary_date, phone.
One of that name and relationship who is there already is completed, not doubled. Returns the id. TC001 date, TC002
unknown key, TC003 without name or relationship, TC005 no object.';

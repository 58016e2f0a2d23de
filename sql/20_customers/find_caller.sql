-- requires: normalize_phone, business_date, write_access, mask_address, phone_forms, check_signed_in

create or replace function trustcart.find_caller(
    p_phone text,
    p_as_of date default trustcart.business_date()
)
returns table (
    customer_id bigint,
    customer_name text,
    matched_name text,
    matched_as text,
    customer_type text,
    lifecycle_stage text,
    priority_level text,
    last_order_date date,
    days_since_last_order integer,
    assigned_agent_id bigint,
    agent_name text,
    open_task_id bigint,
    open_task_type text,
    is_active boolean,
    do_not_call boolean
)
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_phone text := trustcart.normalize_phone(p_phone);
    v_forms text[];
    v_customer_ids bigint[];
    v_member_ids bigint[];
    v_asked_for bigint[];
begin
    perform trustcart_private.check_signed_in();
    if nullif(btrim(p_phone), '') is null then
        raise exception using
            errcode = 'TC003',
            message = 'phone is required',
            hint = 'Give the number that rings in.';
    elsif v_phone is null then
        raise exception using
            errcode = 'TC005',
            message = format('%L cannot be read as a phone number', trustcart_private.mask_address(p_phone)),
            hint = 'Write it as 01712345678, or with + and the code of its country.';
    end if;
    v_forms := trustcart_private.phone_forms(array[v_phone]);
    -- A number entered twice, as phone and as mobile, is one caller. Whose record was merged is known by the number
    -- still, and is the one who goes on.
    select
        array_agg(m.customer_id),
        array_agg(m.member_id),
        array_agg(distinct m.customer_id)
    into v_customer_ids, v_member_ids, v_asked_for
    from (
        select distinct
            coalesce(o.merged_into_id, b.customer_id) as customer_id,
            b.family_member_id as member_id
        from trustcart_private.phone_book as b
        inner join trustcart.customers as o on b.customer_id = o.id
        where b.phone_e164 = any(v_forms)
    ) as m;
    -- Any agent may ask for any number, so who asked for which is on record, whether anybody was found or not, and in the
    -- server's log, should the asking be rolled back.
    perform trustcart_private.write_access(
        'find_caller',
        coalesce(v_asked_for, '{null}'),
        jsonb_build_object('phone', trustcart_private.mask_address(v_phone))
    );
    return query
    select
        c.id,
        nullif(concat_ws(' ', c.first_name, c.last_name), ''),
        coalesce(f.name, nullif(concat_ws(' ', c.first_name, c.last_name), '')),
        coalesce('family: ' || f.relationship, 'customer'),
        c.customer_type,
        c.lifecycle_stage,
        c.priority_level,
        c.last_order_date,
        v_as_of - c.last_order_date,
        c.assigned_agent_id,
        u.name,
        t.id,
        t.task_type,
        c.is_active,
        coalesce(not r.granted, false)
    from unnest(v_customer_ids, v_member_ids) as m (customer_id, family_member_id)
    inner join trustcart.customers as c on m.customer_id = c.id
    left join trustcart.customer_family_members as f on m.family_member_id = f.id
    left join trustcart.users as u on c.assigned_agent_id = u.id
    left join lateral (
        select
            k.id,
            k.task_type
        from trustcart.crm_call_tasks as k
        where k.customer_id = m.customer_id and k.task_date = v_as_of and k.status = 'pending'
        order by k.priority_rank asc, k.list_position asc nulls first, k.id asc
        limit 1
    ) as t on true
    left join lateral (
        select n.granted
        from trustcart.customer_consents as n
        where n.customer_id = m.customer_id and n.channel = 'call' and n.recorded_at <= now()
        order by n.recorded_at desc, n.id desc
        limit 1
    ) as r on true
    order by
        (m.family_member_id is not null) asc, c.is_active desc, c.last_order_date desc nulls last, c.id asc, f.id asc;
end;
$$;
comment on function trustcart.find_caller(text, date) is
'Who rings in: each customer with this number, and each family member, as a minimal card with the call that is open for
them on p_as_of. Own numbers come before those of family, active customers before closed accounts, the latest order
first; no row when nobody has the number. audit_logs keeps who asked and who was found (find_caller), and so does the
server''s log. TC001 date, TC003 without a number, TC005 when it cannot be one, TC402 an agent who is nobody that we
know; where numbers are encrypted TC501 for a wrong key, TC502 without one.';

-- requires: phone_key

create or replace function trustcart_private.unreachable_customers(
    p_before timestamptz,
    p_customer_id bigint default null
)
returns table (
    customer_id bigint,
    flagged_at timestamptz
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
begin
    -- Asked before every call, and hardly any customer has a flag.
    if p_customer_id is not null and not exists (
        select from trustcart.customer_phone_flags as f where f.customer_id = p_customer_id
    ) then
        return;
    end if;
    -- Planned with its arguments: p_customer_id null leaves the condition out, else it leads to the index.
    return query
    with flags as (
        select
            f.customer_id,
            f.phone,
            max(f.flagged_at) as flagged_at
        from trustcart.customer_phone_flags as f
        where
            f.flagged_at < p_before
            and (f.cleared_at is null or f.cleared_at >= p_before)
            and (p_customer_id is null or f.customer_id = p_customer_id)
        group by f.customer_id, f.phone
    )

    select
        c.id,
        max(f.flagged_at)
    from (select distinct g.customer_id from flags as g) as w
    inner join trustcart.customers as c on w.customer_id = c.id
    cross join lateral (
        values
        (trustcart_private.phone_key(c.phone, c.phone_e164)), (trustcart_private.phone_key(c.mobile, c.mobile_e164))
    ) as n (phone)
    left join flags as f on n.phone = f.phone and c.id = f.customer_id
    where n.phone is not null
    group by c.id
    having count(*) = count(f.phone);
end;
$$;
comment on function trustcart_private.unreachable_customers(timestamptz, bigint) is
'Customers all of whose numbers were flagged as wrong at the instant, and since when; who has no number at all is not
among them. With p_customer_id of that customer only. Numbers are those of now, flags those of then.';

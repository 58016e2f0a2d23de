create or replace function trustcart.duplicate_customers(p_limit integer default 100, p_max_sharing integer default 5)
returns table (
    survivor_id bigint,
    duplicate_id bigint,
    evidence text[],
    survivor_name text,
    duplicate_name text,
    survivor_orders integer,
    duplicate_orders integer,
    survivor_is_active boolean,
    duplicate_is_active boolean
)
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    if p_limit is null or p_limit < 1 or p_max_sharing is null or p_max_sharing < 2 then
        raise exception using
            errcode = 'TC005',
            message = 'limit is at least 1 and max_sharing at least 2',
            hint = 'p_limit is how many pairs to list, p_max_sharing how many customers may share a number.';
    end if;
    return query
    with addresses as (
        select distinct
            b.customer_id,
            'number' as kind,
            b.phone_e164 as address
        from trustcart_private.phone_book as b
        where b.family_member_id is null
        union all
        select
            c.id,
            'e-mail',
            lower(btrim(c.email))
        from trustcart.customers as c
        where btrim(c.email) <> ''
    ),

    -- A number that many have is a placeholder, or a shop's that orders for others.
    shared as (
        select
            a.kind,
            array_agg(a.customer_id) as customer_ids
        from addresses as a
        inner join trustcart.customers as c on a.customer_id = c.id
        where c.erased_at is null and c.merged_into_id is null
        group by a.kind, a.address
        having count(*) between 2 and p_max_sharing
    ),

    pairs as (
        select
            x.id,
            y.id as other_id,
            array_agg(distinct 'same ' || s.kind) as evidence
        from shared as s
        cross join lateral unnest(s.customer_ids) as x (id)
        cross join lateral unnest(s.customer_ids) as y (id)
        where x.id < y.id
        group by x.id, y.id
    ),

    -- Who goes on: the open account before the closed one, more orders before fewer, then the older one.
    arranged as (
        select
            p.evidence,
            case when r.keeps then p.id else p.other_id end as survivor_id,
            case when r.keeps then p.other_id else p.id end as duplicate_id
        from pairs as p
        inner join trustcart.customers as a on p.id = a.id
        inner join trustcart.customers as b on p.other_id = b.id
        cross join lateral (
            select
                (a.is_active::integer, a.order_count, -a.id) > (b.is_active::integer, b.order_count, -b.id) as keeps
        ) as r
        where
            not exists (
                select
                from trustcart.dismissed_duplicates as d
                where d.customer_id = p.id and d.other_customer_id = p.other_id
            )
    )

    select
        s.id,
        d.id,
        r.evidence
        || case when n.survivor_name = n.duplicate_name then array['same name'] else '{}' end
        || case when s.date_of_birth = d.date_of_birth then array['same date of birth'] else '{}' end,
        nullif(concat_ws(' ', s.first_name, s.last_name), ''),
        nullif(concat_ws(' ', d.first_name, d.last_name), ''),
        s.order_count,
        d.order_count,
        s.is_active,
        d.is_active
    from arranged as r
    inner join trustcart.customers as s on r.survivor_id = s.id
    inner join trustcart.customers as d on r.duplicate_id = d.id
    cross join lateral (
        select
            nullif(lower(concat_ws(' ', btrim(s.first_name), btrim(s.last_name))), '') as survivor_name,
            nullif(lower(concat_ws(' ', btrim(d.first_name), btrim(d.last_name))), '') as duplicate_name
    ) as n
    order by
        cardinality(r.evidence)
        + (n.survivor_name is not distinct from n.duplicate_name and n.survivor_name is not null)::integer
        + (s.date_of_birth is not distinct from d.date_of_birth and s.date_of_birth is not null)::integer desc,
        s.order_count + d.order_count desc,
        s.id,
        d.id
    limit p_limit;
end;
$$;
comment on function trustcart.duplicate_customers(integer, integer) is
'Pairs of customers who may be one: the same number (phone or mobile, in E.164) or the same e-mail address, the
likeliest first; a number of more than p_max_sharing customers says nothing. evidence lists what is the same (number,
e-mail, name, date of birth); survivor_id is who should go on: the open account, the one with more orders, the older
one. Look at the list before merging: a family shares a phone. Erased and merged customers are not in it, nor pairs of
dismiss_duplicate(). TC005 limit.';

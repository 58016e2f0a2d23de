-- requires: lock_customers

create or replace function trustcart_private.count_customer_links()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_ids bigint[];
    v_added integer[];
begin
    if tg_op = 'INSERT' then
        select array_agg(l.customer_id order by l.customer_id), array_agg(l.added order by l.customer_id)
        into v_ids, v_added
        from (
            select
                n.customer_id,
                count(*) as added
            from new_rows as n
            group by n.customer_id
        ) as l;
    elsif tg_op = 'UPDATE' then
        select array_agg(l.customer_id order by l.customer_id), array_agg(l.added order by l.customer_id)
        into v_ids, v_added
        from (
            select
                m.customer_id,
                sum(m.added) as added
            from (
                select
                    n.customer_id,
                    1 as added
                from new_rows as n
                union all
                select
                    o.customer_id,
                    -1
                from old_rows as o
            ) as m
            group by m.customer_id
            having sum(m.added) <> 0
        ) as l;
    elsif tg_op = 'DELETE' then
        select array_agg(l.customer_id order by l.customer_id), array_agg(l.added order by l.customer_id)
        into v_ids, v_added
        from (
            select
                o.customer_id,
                -count(*) as added
            from old_rows as o
            group by o.customer_id
        ) as l;
    elsif tg_table_name = 'customer_family_members' then
        select array_agg(c.id order by c.id), array_agg(-c.family_members_count order by c.id)
        into v_ids, v_added
        from trustcart.customers as c
        where c.family_members_count > 0;
    else
        select array_agg(c.id order by c.id), array_agg(-c.interactions_count order by c.id)
        into v_ids, v_added
        from trustcart.customers as c
        where c.interactions_count > 0;
    end if;

    -- Pure increments: nothing has to be locked and read first, but the order of several is the planner's choice (in a
    -- small table that of the heap), and two such statements deadlock.
    if cardinality(v_ids) > 1 then
        perform trustcart_private.lock_customers(v_ids);
    end if;
    if tg_table_name = 'customer_family_members' then
        update trustcart.customers as c
        set
            family_members_count = c.family_members_count + l.added,
            state_revision = c.state_revision + 1
        from unnest(v_ids, v_added) as l (customer_id, added)
        where c.id = l.customer_id;
    else
        update trustcart.customers as c
        set
            interactions_count = c.interactions_count + l.added,
            state_revision = c.state_revision + 1
        from unnest(v_ids, v_added) as l (customer_id, added)
        where c.id = l.customer_id;
    end if;
    return null;
end;
$$;
comment on function trustcart_private.count_customer_links() is
'Trigger of customer_family_members and customer_interactions, statement-level: keeps how many of them a customer has.';

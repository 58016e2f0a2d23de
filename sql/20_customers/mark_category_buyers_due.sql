create or replace function trustcart_private.mark_category_buyers_due()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_names text[] := array(
        select o.name
        from old_rows as o
        inner join new_rows as n on o.id = n.id
        where n.name <> o.name
    );
begin
    if v_names = '{}' then
        return null;
    end if;
    update trustcart.customer_behavior as b
    set refresh_due = true
    where
        b.customer_id in (
            select x.customer_id
            from trustcart.customer_behavior as x
            where not x.refresh_due and (x.bought_categories && v_names or x.preferred_categories && v_names)
            order by x.customer_id
            for no key update
        );
    return null;
end;
$$;
comment on function trustcart_private.mark_category_buyers_due() is
'Trigger of categories, statement-level: customer_behavior holds names of categories, so that a renamed one makes the
behaviour of its buyers due for a refresh; until then segments read their orders.';

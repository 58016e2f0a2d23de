create or replace function trustcart_private.refuse_gone_customers()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    v_gone record;
begin
    select
        c.id,
        c.merged_into_id
    into v_gone
    from trustcart.customers as c
    where
        c.id in (select n.customer_id from new_rows as n)
        and (c.erased_at is not null or c.merged_into_id is not null)
    order by c.id
    limit 1;
    if found then
        raise exception using
            errcode = 'TC111',
            message = case
                when v_gone.merged_into_id is null then format('customer %s was erased', v_gone.id)
                else format('customer %s was merged into customer %s', v_gone.id, v_gone.merged_into_id)
            end,
            hint = case
                when v_gone.merged_into_id is null then 'Somebody who comes back is a new customer.'
                else format('Work with customer %s.', v_gone.merged_into_id)
            end;
    end if;
    return null;
end;
$$;
comment on function trustcart_private.refuse_gone_customers() is
'Trigger, statement-level: nothing new is written about customers who were erased or merged into another.
Raises TC111.';

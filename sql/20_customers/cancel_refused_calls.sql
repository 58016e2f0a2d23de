-- requires: call_refusals

create or replace function trustcart_private.cancel_refused_calls()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- A refusal of the past that a later consent has overtaken cancels nothing, neither does one of tomorrow.
    with refused as (
        select t.id
        from (
            select distinct n.customer_id
            from new_rows as n
            where n.channel = 'call' and not n.granted
        ) as n
        cross join lateral trustcart_private.call_refusals(clock_timestamp(), n.customer_id) as r
        inner join trustcart.crm_call_tasks as t on r.customer_id = t.customer_id
        where t.status = 'pending' and t.started_at is null
        order by t.id
        for no key update of t
    )

    update trustcart.crm_call_tasks as t
    set
        status = 'cancelled',
        close_reason = 'do not call'
    where t.id in (select f.id from refused as f);
    return null;
end;
$$;
comment on function trustcart_private.cancel_refused_calls() is
'Trigger of customer_consents: who forbids calls has none left to be made; a call that an agent has begun goes on.';

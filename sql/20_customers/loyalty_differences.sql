create or replace function trustcart.loyalty_differences()
returns table (
    customer_id bigint,
    maintained text,
    recomputed text
)
language sql stable parallel safe
security invoker
begin atomic
with bounds as (
    select
        t.tier,
        t.min_spend,
        lead(t.min_spend) over (order by t.min_spend) as next_spend
    from trustcart.loyalty_tiers as t
)

select
    c.id as customer_id,
    l.tier as maintained,
    b.tier as recomputed
from trustcart.customers as c
left join trustcart.customer_loyalty as l on c.id = l.customer_id
left join bounds as b on c.total_spend >= b.min_spend and (b.next_spend is null or c.total_spend < b.next_spend)
where l.tier is distinct from b.tier;
end;

comment on function trustcart.loyalty_differences() is
'Customers whose tier is not the one that their total_spend and loyalty_tiers say; none unless a tier was changed and
refresh_loyalty_tiers() not run yet.';

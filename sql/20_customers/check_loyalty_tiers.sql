create or replace function trustcart_private.check_loyalty_tiers()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select
        from trustcart.loyalty_tiers as a
        inner join trustcart.loyalty_tiers as b on a.rank < b.rank and a.min_spend > b.min_spend
    ) then
        raise exception using
            errcode = 'TC005',
            message = 'the ranks of loyalty_tiers are not in the order of min_spend',
            hint = 'The tier that takes more spend has the higher rank; change both in one statement.';
    end if;
    return null;
end;
$$;
comment on function trustcart_private.check_loyalty_tiers() is
'Trigger of loyalty_tiers: refuses (TC005) ranks that contradict min_spend.';

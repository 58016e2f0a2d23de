-- requires: sync_loyalty, lock_customers, business_date

create or replace function trustcart.refresh_loyalty_tiers()
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
as $$
declare
    v_ids bigint[];
begin
    v_ids := array(select d.customer_id from trustcart.loyalty_differences() as d order by d.customer_id);
    perform trustcart_private.lock_customers(v_ids);
    return jsonb_build_object(
        'changed', trustcart_private.sync_loyalty(v_ids, trustcart.business_date(), 'settings')
    );
end;
$$;
comment on function trustcart.refresh_loyalty_tiers() is
'Gives every customer the tier that loyalty_tiers says now: to be run after a tier was added, removed or moved. Silent:
changes and events are written, nobody is called. A tier is removed by moving it out of reach first, refreshing, and
leaving its row to the history. Returns {"changed": customers}.';

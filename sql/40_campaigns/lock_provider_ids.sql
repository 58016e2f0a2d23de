create or replace function trustcart_private.lock_provider_ids(p_provider_message_ids text[], p_is_delivery boolean)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- In order, and few: the lock table has room for many workers with large batches.
    perform case
        when p_is_delivery then pg_advisory_xact_lock_shared(7268004, b.bucket)
        else pg_advisory_xact_lock(7268004, b.bucket)
    end
    from (
        select distinct hashtext(p.id) & 63 as bucket
        from unnest(p_provider_message_ids) as p (id)
        where p.id is not null
        order by 1
    ) as b;
end;
$$;
comment on function trustcart_private.lock_provider_ids(text[], boolean) is
'Until the end of the transaction: who records what the provider calls messages (p_is_delivery true) lets others do the
same; who stores receipts of messages that nobody knows yet is alone with these ids. So one of the two always sees the
other, and no receipt waits for a message that is there.';

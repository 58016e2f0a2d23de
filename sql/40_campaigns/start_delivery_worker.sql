create or replace function trustcart.start_delivery_worker(
    p_worker bigint default null, p_in_hand bigint[] default '{}'
)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_worker bigint := coalesce(p_worker, nextval('trustcart_private.delivery_worker_id'));
begin
    if not v_worker between 1 and 2147483647 then
        raise exception using
            errcode = 'TC005',
            message = format('%s is no number of a worker', v_worker),
            hint = 'Leave it out to begin as a new worker, or give the number of the one that comes back.';
    end if;
    if not pg_try_advisory_lock(trustcart_private.delivery_lock_class(), v_worker::integer) then
        return null;
    end if;
    if p_worker is not null then
        -- Handed out in the moment the connection broke: the worker never heard of them.
        perform trustcart.record_deliveries(
            v_worker,
            array_agg(m.id),
            array_agg(m.attempts),
            array_agg('unsent'::text),
            array_agg(null::text),
            array_agg(null::text),
            array_agg(null::text)
        )
        from trustcart.campaign_messages as m
        where m.status = 'sending' and m.claimed_by = v_worker and m.id <> all(p_in_hand)
        having count(*) > 0;
    end if;
    return v_worker;
end;
$$;
comment on function trustcart.start_delivery_worker(bigint, bigint[]) is
'Makes the session a delivery worker, for as long as it lives: takes the advisory lock of its number, by which
release_dead_deliveries() knows that its messages are in hand. The number: a new one, or p_worker, with which a worker
comes back after its connection broke; then its messages but for p_in_hand, of which it never heard, are queued as
before. Null while the session before it still lives. TC005
for a number that no worker has.';

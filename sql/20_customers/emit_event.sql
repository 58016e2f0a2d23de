create or replace function trustcart_private.emit_event(
    p_event_type text, p_customer_id bigint, p_payload jsonb default '{}'
)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into trustcart.events (event_type, customer_id, payload)
    values (p_event_type, p_customer_id, coalesce(p_payload, '{}'));
end;
$$;
comment on function trustcart_private.emit_event(text, bigint, jsonb) is
'Writes one event of the present transaction into the feed. Many are written by an insert into trustcart.events.';

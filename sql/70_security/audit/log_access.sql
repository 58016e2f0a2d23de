-- requires: write_access, check_access, check_signed_in

create or replace function trustcart.log_access(p_customer_id bigint, p_action text default 'view')
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform trustcart_private.check_signed_in();
    perform trustcart.check_access(p_customer_id);
    if p_action is null or p_action not in ('view', 'export', 'print') then
        raise exception using
            errcode = 'TC005',
            message = format('%L is no way of looking at a customer', p_action),
            hint = 'Use view, export or print; changes are logged by themselves.';
    end if;
    perform trustcart_private.write_access(p_action, array[p_customer_id], null);
end;
$$;
comment on function trustcart.log_access(bigint, text) is
'Writes to audit_logs that the caller looked at a customer: p_action is view, export or print. customer360() of the API
calls it; services that show a customer by other ways should. In a read-only transaction it writes to the server''s log
instead, an export to both. TC003 without a customer, TC004 when there is none, TC005 another action, TC402 an agent who
is nobody that we know, TC403 not yours.';

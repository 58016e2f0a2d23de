-- requires: ensure_month_partitions, require_date, business_date

create or replace function trustcart.ensure_audit_partitions(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- Whoever comes after it in the queue for the table waits as long.
set lock_timeout = '500ms'
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_made jsonb := trustcart_private.ensure_month_partitions('audit_logs', v_as_of);
    v_name text;
begin
    -- A trigger of the parent for each statement does not come with the partition.
    for v_name in select jsonb_array_elements_text(v_made -> 'partitions') loop
        execute format(
            'create trigger audit_logs_no_truncate before truncate on trustcart.%I for each statement '
            'execute function trustcart_private.refuse_audit_change()',
            v_name
        );
    end loop;
    return jsonb_build_object('as_of', v_as_of) || v_made;
end;
$$;
comment on function trustcart.ensure_audit_partitions(date) is
'Daily job: makes the partitions of audit_logs for the month of p_as_of and the two after it, as
ensure_event_partitions() does for the event feed. Returns {"as_of", "partitions": those made, "moved": rows,
"is_complete"}. TC001 date.';

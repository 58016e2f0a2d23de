-- requires: ensure_month_partitions, require_date, business_date

create or replace function trustcart.ensure_attempt_partitions(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- Whoever comes after it in the queue for the table waits as long.
set lock_timeout = '500ms'
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
begin
    return jsonb_build_object('as_of', v_as_of)
    || trustcart_private.ensure_month_partitions('crm_call_attempts', v_as_of);
end;
$$;
comment on function trustcart.ensure_attempt_partitions(date) is
'Daily job: makes the partitions of crm_call_attempts for the month of p_as_of and the two after it, as
ensure_event_partitions() does for the event feed. Attempts of before there were any stay in the default partition.
Returns {"as_of", "partitions": those made, "moved": rows, "is_complete"}. TC001 date.';

-- requires: ensure_month_partitions, require_date, business_date

create or replace function trustcart.ensure_event_partitions(p_as_of date default trustcart.business_date())
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
    return jsonb_build_object('as_of', v_as_of) || trustcart_private.ensure_month_partitions('events', v_as_of);
end;
$$;
comment on function trustcart.ensure_event_partitions(date) is
'Daily job: makes the partitions of the event feed for the month of p_as_of and the two after it (months of UTC), where
they are missing, and moves into them what came into the default one. Orders go on meanwhile, except when events of a
missing month are being written already, as in the first run: then they wait until those are moved, and the job gives up
when it does not get its turn within half a second. Returns {"as_of", "partitions": those made, "moved": rows,
"is_complete": false while older months wait, one of which moves a call}. TC001 date.';

-- requires: require_date, business_date

create or replace function trustcart.ensure_event_partitions(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog
set lock_timeout = '5s'
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_month date;
    v_from timestamptz;
    v_until timestamptz;
    v_name text;
    v_made text[] := array[]::text[];
    v_rows bigint;
    v_moved bigint := 0;
begin
    -- One at a time; the second finds them made.
    perform pg_advisory_xact_lock(hashtextextended('trustcart event partitions', 0));
    for v_ahead in 0..2 loop
        v_month := (date_trunc('month', v_as_of::timestamp) + make_interval(months => v_ahead))::date;
        v_from := v_month::timestamp at time zone 'UTC';
        v_until := (v_month + interval '1 month') at time zone 'UTC';
        v_name := format('events_%s', to_char(v_month, 'YYYYMM'));
        continue when to_regclass(format('trustcart.%I', v_name)) is not null;
        execute format(
            'create table trustcart.%I (like trustcart.events including defaults including constraints '
            'including comments including storage)',
            v_name
        );
        execute format('comment on table trustcart.%I is %L', v_name, 'Events of ' || to_char(v_month, 'YYYY-MM') || '.');
        -- The default partition must not hold rows of the month. Whoever is writing one there must have ended, and who
        -- comes next must wait before it looks for its partition: one that waited for the default partition itself
        -- would be refused by it afterwards. In the course of the days the months are ahead, and nobody waits.
        if v_from <= clock_timestamp()
            or exists (select from trustcart.events_default as d where d.occurred_at >= v_from and d.occurred_at < v_until)
        then
            lock table only trustcart.events in share row exclusive mode;
        end if;
        execute format(
            'with moved as (delete from trustcart.events_default as d '
            'where d.occurred_at >= $1 and d.occurred_at < $2 returning d.*) '
            'insert into trustcart.%I (xid, id, occurred_at, event_type, customer_id, payload) '
            'select m.xid, m.id, m.occurred_at, m.event_type, m.customer_id, m.payload from moved as m',
            v_name
        )
        using v_from, v_until;
        get diagnostics v_rows = row_count;
        v_moved := v_moved + v_rows;
        -- Attached, not created in place: that would lock the whole feed, and every order with it.
        execute format(
            'alter table trustcart.events attach partition trustcart.%I for values from (%L) to (%L)',
            v_name, v_from, v_until
        );
        v_made := v_made || v_name;
    end loop;
    return jsonb_build_object('as_of', v_as_of, 'partitions', to_jsonb(v_made), 'moved', v_moved);
end;
$$;
comment on function trustcart.ensure_event_partitions(date) is
'Daily job: makes the partitions of the event feed for the month of p_as_of and the two after it (months of UTC), where
they are missing, and moves into them what came into the default one. Orders go on meanwhile, except when events of a
missing month are being written already, as in the first run: then they wait until those are moved, and the job gives up
when it does not get its turn within 5 seconds. Returns {"as_of", "partitions": those made, "moved": rows}.';

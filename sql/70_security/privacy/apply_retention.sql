-- requires: require_date, business_date, erase_customer, scrub_customers, lock_customers, erase_audit_of
-- requires: batch_position, move_batch_position, end_batches

create or replace function trustcart.apply_retention(
    p_as_of date default trustcart.business_date(), p_limit integer default 20000
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- A plan for the batch at hand.
set plan_cache_mode = force_custom_plan
as $$
declare
    c_name constant text := 'apply_retention';
    -- Everything of a customer is looked at, in all tables.
    v_customers integer := greatest(p_limit / 100, 1);
    -- To look at a row is so much less than to change it.
    c_window constant integer := 20;
    v_task jsonb;
    v_room bigint := p_limit;
    v_from bigint;
    v_until bigint;
    v_looked_at bigint;
    v_is_through boolean;
    -- Nothing is removed ahead of its time, whatever date is typed.
    v_as_of date := least(trustcart_private.require_date(p_as_of), trustcart.business_date());
    v_settings trustcart.settings;
    v_before timestamptz;
    v_ids bigint[];
    v_id bigint;
    v_text record;
    v_rows bigint;
    v_requests bigint;
    v_answered bigint;
    v_texts jsonb := '{}'::jsonb;
    v_late jsonb := '{}'::jsonb;
    v_erased integer := 0;
    v_is_complete boolean := true;
begin
    select s.* into v_settings from trustcart.settings as s;

    delete from trustcart_private.call_requests as r
    where r.request_id in (
        select o.request_id
        from trustcart_private.call_requests as o
        where
            o.requested_at
            < (v_as_of - v_settings.call_requests_keep_days)::timestamp at time zone v_settings.time_zone
        order by o.requested_at
        limit p_limit
        for update skip locked
    );
    get diagnostics v_requests = row_count;
    v_is_complete := v_requests < p_limit;

    delete from trustcart_private.answered_requests as r
    where (r.user_id, r.key_digest) in (
        select o.user_id, o.key_digest
        from trustcart_private.answered_requests as o
        where
            o.answered_at
            < (v_as_of - v_settings.answered_requests_keep_days)::timestamp at time zone v_settings.time_zone
        order by o.answered_at
        limit p_limit
        for update skip locked
    );
    get diagnostics v_answered = row_count;
    v_is_complete := v_is_complete and v_answered < p_limit;

    -- What came in about erased customers after all: a receipt, the answer of a provider.
    v_task := jsonb_build_object('as_of', v_as_of);
    v_from := trustcart_private.batch_position(c_name, 'erased customers', v_task);
    v_ids := array(
        select c.id
        from trustcart.customers as c
        where c.id > v_from and c.erased_at >= (v_as_of - 60)::timestamp at time zone v_settings.time_zone
        order by c.id
        limit v_customers
    );
    v_until := case when cardinality(v_ids) = v_customers then v_ids[v_customers] end;
    v_is_complete := v_is_complete and v_until is null;
    perform trustcart_private.move_batch_position(c_name, 'erased customers', v_until);
    if v_ids <> '{}' then
        perform trustcart_private.lock_customers(v_ids);
        v_late := trustcart_private.scrub_customers(v_ids);
        perform trustcart_private.erase_audit_of(i.id)
        from unnest(v_ids) as i (id)
        where exists (
            select
            from trustcart.audit_logs as l
            where
                l.customer_id = i.id and l.erased_at is null and l.action <> 'erase'
                and (l.old_values is not null or l.new_values is not null)
        );
    end if;

    if v_settings.free_text_keep_months is not null then
        v_before := (v_as_of - make_interval(months => v_settings.free_text_keep_months))
        at time zone v_settings.time_zone;
        for v_text in
            select t.*
            from (
                values
                (
                    'customer_interactions', 'id', 'interaction_date', 'subject = null, details = null',
                    'coalesce(t.subject, t.details) is not null and (t.details is not null or t.subject not in '
                    '(select k.task_type from trustcart.call_task_types as k))'
                ),
                (
                    'crm_call_tasks', 'id', 'closed_at', 'notes = null, before_outcome = null',
                    'coalesce(t.notes, t.before_outcome::text) is not null'
                ),
                ('crm_call_attempts', 'id', 'attempted_at', 'notes = null', 't.notes is not null'),
                ('sales_orders', 'id', 'order_date', 'notes = null', 't.notes is not null'),
                (
                    'customer_engagement_history', 'id', 'created_at', 'content = null',
                    't.content is not null and t.message_id is null and '
                    't.engagement_type not in (''order_placed'', ''tier_upgrade'')'
                ),
                ('campaign_receipts', 'id', 'received_at', 'detail = null', 't.detail is not null'),
                ('campaign_delivery_attempts', 'message_id', 'started_at', 'error = null', 't.error is not null')
            ) as t (name, key, age, clearing, is_text)
        loop
            exit when v_room <= 0;
            -- By id: an index on the age of each would cost every insert, and what is cleared would be met again.
            v_from := trustcart_private.batch_position(
                c_name, v_text.name, v_task || jsonb_build_object('before', v_before)
            );
            execute format(
                'with looked_at as (select t.%2$I as key, t.%3$I < $2 and %4$s as is_due from trustcart.%1$I as t '
                'where t.%2$I > $1 order by t.%2$I limit $4), '
                'due as (select l.key from looked_at as l where l.is_due order by l.key limit $3) '
                'select l.rows, case when d.rows < $3 then l.until else d.until end '
                'from (select count(*) as rows, max(key) as until from looked_at) as l, '
                '(select count(*) as rows, max(key) as until from due) as d',
                v_text.name, v_text.key, v_text.age, v_text.is_text
            )
            into v_looked_at, v_until
            using v_from, v_before, v_room, v_room * c_window;
            execute format(
                'update trustcart.%1$I as t set %2$s where t.%3$I > $1 and t.%3$I <= $2 and t.%4$I < $3 and %5$s',
                v_text.name, v_text.clearing, v_text.key, v_text.age, v_text.is_text
            )
            using v_from, v_until, v_before;
            get diagnostics v_rows = row_count;
            v_is_through := v_looked_at < v_room * c_window and v_rows < v_room;
            perform trustcart_private.move_batch_position(
                c_name, v_text.name, case when not v_is_through then v_until end
            );
            v_room := case when v_is_through then v_room - greatest(v_rows, v_looked_at / c_window) else 0 end;
            if v_rows > 0 then
                v_texts := v_texts || jsonb_build_object(v_text.name, v_rows);
            end if;
        end loop;
        v_is_complete := v_is_complete and v_room > 0;
    end if;

    if v_settings.inactive_customers_keep_months is not null then
        v_before := (v_as_of - make_interval(months => v_settings.inactive_customers_keep_months))
        at time zone v_settings.time_zone;
        v_from := trustcart_private.batch_position(
            c_name, 'closed accounts', v_task || jsonb_build_object('before', v_before)
        );
        v_until := null;
        for v_id in
            select c.id
            from trustcart.customers as c
            where
                c.id > v_from
                and not c.is_active
                and c.erased_at is null
                and c.merged_into_id is null
                and c.updated_at < v_before
                and (c.last_order_date >= (v_before at time zone v_settings.time_zone)::date) is not true
                and c.next_order_date is null
                and not exists (
                    select
                    from trustcart.customer_interactions as i
                    where i.customer_id = c.id and i.interaction_date >= v_before
                )
                and not exists (
                    select
                    from trustcart.crm_call_attempts as a
                    where a.customer_id = c.id and a.attempted_at >= v_before
                )
                and not exists (
                    select from trustcart.customers as d where d.merged_into_id = c.id and d.updated_at >= v_before
                )
            order by c.id
            limit v_customers
        loop
            perform trustcart.erase_customer(v_id, 'settings.inactive_customers_keep_months');
            v_erased := v_erased + 1;
            v_until := v_id;
        end loop;
        v_until := case when v_erased = v_customers then v_until end;
        v_is_complete := v_is_complete and v_until is null;
        perform trustcart_private.move_batch_position(c_name, 'closed accounts', v_until);
    end if;
    if v_is_complete then
        perform trustcart_private.end_batches(c_name);
    end if;
    return jsonb_build_object(
        'as_of', v_as_of,
        'call_requests', v_requests,
        'answered_requests', v_answered,
        'free_text', v_texts,
        'customers_erased', v_erased,
        'late_rows', v_late,
        'is_complete', v_is_complete
    );
end;
$$;
comment on function trustcart.apply_retention(date, integer) is
'Daily job: forgets what settings say is kept no longer as of p_as_of: requests (call_requests_keep_days), the answers
of those with an Idempotency-Key (answered_requests_keep_days), words about customers (free_text_keep_months), customers
with a closed account (inactive_customers_keep_months, by erase_customer()); and what came in about customers erased in
the last 60 days. p_limit: changes at most so many rows of a table in this call, a hundredth as many customers; while
is_complete is false, the next call, which may be at once, goes on from there. Returns {"as_of", "call_requests",
"answered_requests", "free_text": rows by table, "customers_erased", "late_rows", "is_complete"}. TC001 date.';

-- requires: require_date, business_date, erase_customer, scrub_customers, lock_customers, erase_audit_of

create or replace function trustcart.apply_retention(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_rows constant integer := 20000;
    c_customers constant integer := 200;
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
        limit c_rows
        for update skip locked
    );
    get diagnostics v_requests = row_count;
    v_is_complete := v_requests < c_rows;

    delete from trustcart_private.answered_requests as r
    where (r.user_id, r.key_digest) in (
        select o.user_id, o.key_digest
        from trustcart_private.answered_requests as o
        where
            o.answered_at
            < (v_as_of - v_settings.answered_requests_keep_days)::timestamp at time zone v_settings.time_zone
        order by o.answered_at
        limit c_rows
        for update skip locked
    );
    get diagnostics v_answered = row_count;
    v_is_complete := v_is_complete and v_answered < c_rows;

    -- What came in about erased customers after all: a receipt, the answer of a provider.
    v_ids := array(
        select c.id
        from trustcart.customers as c
        where c.erased_at >= (v_as_of - 60)::timestamp at time zone v_settings.time_zone
        order by c.id
    );
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
                    'customer_interactions', 'interaction_date', 'subject = null, details = null',
                    'coalesce(t.subject, t.details) is not null and (t.details is not null or t.subject not in '
                    '(select k.task_type from trustcart.call_task_types as k))'
                ),
                (
                    'crm_call_tasks', 'closed_at', 'notes = null, before_outcome = null',
                    'coalesce(t.notes, t.before_outcome::text) is not null'
                ),
                ('crm_call_attempts', 'attempted_at', 'notes = null', 't.notes is not null'),
                ('sales_orders', 'order_date', 'notes = null', 't.notes is not null'),
                (
                    'customer_engagement_history', 'created_at', 'content = null',
                    't.content is not null and t.message_id is null and '
                    't.engagement_type not in (''order_placed'', ''tier_upgrade'')'
                ),
                ('campaign_receipts', 'received_at', 'detail = null', 't.detail is not null'),
                ('campaign_delivery_attempts', 'started_at', 'error = null', 't.error is not null')
            ) as t (name, age, clearing, is_text)
        loop
            execute format(
                'update trustcart.%1$I as t set %2$s where (t.tableoid, t.ctid) in ('
                'select t.tableoid, t.ctid from trustcart.%1$I as t where t.%3$I < $1 and %4$s limit $2)',
                v_text.name, v_text.clearing, v_text.age, v_text.is_text
            )
            using v_before, c_rows;
            get diagnostics v_rows = row_count;
            v_is_complete := v_is_complete and v_rows < c_rows;
            if v_rows > 0 then
                v_texts := v_texts || jsonb_build_object(v_text.name, v_rows);
            end if;
        end loop;
    end if;

    if v_settings.inactive_customers_keep_months is not null then
        v_before := (v_as_of - make_interval(months => v_settings.inactive_customers_keep_months))
        at time zone v_settings.time_zone;
        for v_id in
            select c.id
            from trustcart.customers as c
            where
                not c.is_active
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
            limit c_customers
        loop
            perform trustcart.erase_customer(v_id, 'settings.inactive_customers_keep_months');
            v_erased := v_erased + 1;
        end loop;
        v_is_complete := v_is_complete and v_erased < c_customers;
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
comment on function trustcart.apply_retention(date) is
'Daily job: forgets what settings say is kept no longer as of p_as_of: requests (call_requests_keep_days), the answers
of those with an Idempotency-Key (answered_requests_keep_days), words about customers (free_text_keep_months), customers
with a closed account (inactive_customers_keep_months, by erase_customer()); and what came in about customers erased in
the last 60 days. At most 20,000 rows of a table and 200 customers a run, so that no transaction becomes long;
is_complete false: more is left for the next run, which may be at once. Returns {"as_of", "call_requests",
"answered_requests", "free_text": rows by table, "customers_erased", "late_rows", "is_complete"}. TC001 date.';

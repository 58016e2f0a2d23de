create or replace function trustcart.record_deliveries(
    p_worker bigint,
    p_message_ids bigint[],
    p_attempts smallint[],
    p_outcomes text[],
    p_provider_ids text[],
    p_statuses text[],
    p_errors text[],
    p_retry_after double precision[] default null,
    p_at timestamptz default now()
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
    v_unknown text;
    v_given integer;
    v_accepted integer;
    v_retried integer;
    v_failed integer;
    v_returned integer;
    v_recorded integer;
begin
    p_at := coalesce(p_at, now());
    v_given := cardinality(p_message_ids);
    if
        (cardinality(p_attempts), cardinality(p_outcomes), cardinality(p_provider_ids))
        is distinct from (v_given, v_given, v_given)
        or (cardinality(p_statuses), cardinality(p_errors), coalesce(cardinality(p_retry_after), v_given))
        is distinct from (v_given, v_given, v_given)
    then
        raise exception using
            errcode = 'TC005',
            message = 'the lists of messages and of what became of them differ in length',
            hint = 'Give one outcome for each message.';
    end if;
    select o.outcome into v_unknown
    from unnest(p_outcomes) as o (outcome)
    where (o.outcome = any('{accepted,temporary,permanent,unsent}')) is not true
    limit 1;
    if found then
        raise exception using
            errcode = 'TC002',
            message = format('unknown outcome %L', v_unknown),
            hint = 'Known: accepted, temporary, permanent, unsent.';
    end if;

    -- Before the customers, as receipts of messages that nobody knows yet do it.
    perform trustcart_private.lock_provider_ids(p_provider_ids, true);
    perform trustcart_private.lock_customers(
        array(select m.customer_id from trustcart.campaign_messages as m where m.id = any(p_message_ids))
    );
    perform m.id
    from trustcart.campaign_messages as m
    where m.id = any(p_message_ids)
    order by m.id
    for no key update;

    with given as (
        select distinct on (g.message_id, g.attempt)
            g.message_id,
            g.attempt,
            g.outcome,
            -- One that no index takes must not keep the others from being recorded.
            case when g.provider_id <> '' and length(g.provider_id) <= 500 then g.provider_id end as provider_id,
            left(nullif(g.status, ''), 100) as status,
            left(nullif(g.error, ''), 300) as error,
            least(greatest(g.retry_after, 0), 7 * 86400) as retry_after
        from unnest(
            p_message_ids, p_attempts, p_outcomes, p_provider_ids, p_statuses, p_errors, p_retry_after
        ) as g (message_id, attempt, outcome, provider_id, status, error, retry_after)
        order by g.message_id, g.attempt
    ),

    recorded as (
        update trustcart.campaign_delivery_attempts as a
        set finished_at = p_at, outcome = g.outcome, provider_status = g.status, error = g.error
        from given as g
        where
            a.message_id = g.message_id and a.attempt = g.attempt and a.worker = p_worker
            -- Once only; but what the worker tells after all is more than that it was gone.
            and (a.outcome is null or a.outcome = 'unknown')
            and g.outcome <> 'unsent'
        returning a.message_id, a.attempt, a.outcome, g.provider_id, a.provider_status, a.error, g.retry_after
    ),

    settled as (
        select
            r.message_id,
            r.provider_id,
            case
                when r.outcome = 'accepted' then 'sent'
                when r.outcome = 'permanent' or r.attempt >= d.max_attempts then 'failed'
                else 'queued'
            end as status,
            case
                when r.outcome = 'permanent' then concat_ws(': ', 'refused', r.provider_status, r.error)
                when r.attempt >= d.max_attempts
                    then concat_ws(': ', format('gave up: %s attempts', r.attempt), r.provider_status, r.error)
            end as close_reason,
            p_at + greatest(
                least(
                    d.retry_after * power(2, least(r.attempt, 30) - 1)
                    * (1 + trustcart_private.stable_fraction(format('retry:%s:%s', r.message_id, r.attempt)) / 10),
                    interval '1 day'
                ),
                make_interval(secs => coalesce(r.retry_after, 0))
            ) as not_before
        from recorded as r
        inner join trustcart.campaign_messages as m on r.message_id = m.id
        inner join trustcart.delivery_channels as d on m.channel = d.channel
        where
            -- Accepted is accepted, whatever became of the message since; else only the attempt at hand decides.
            case
                when r.outcome = 'accepted' then m.status <> 'sent'
                else m.attempts = r.attempt and m.status in ('sending', 'queued')
            end
    ),

    changed as (
        update trustcart.campaign_messages as m
        set
            status = s.status,
            sent_at = case when s.status = 'sent' then p_at end,
            provider_message_id = coalesce(s.provider_id, m.provider_message_id),
            claimed_by = null,
            claimed_at = null,
            closed_at = case when s.status = 'failed' then p_at end,
            close_reason = case when s.status = 'failed' then s.close_reason end,
            not_before = case when s.status = 'queued' then s.not_before else m.not_before end
        from settled as s
        where m.id = s.message_id
        returning m.status
    )

    select
        count(*) filter (where c.status = 'sent'),
        count(*) filter (where c.status = 'queued'),
        count(*) filter (where c.status = 'failed'),
        (select count(*) from recorded as r)
    into v_accepted, v_retried, v_failed, v_recorded
    from changed as c;

    -- Never sent at all: the attempt is none, and the message waits as before.
    v_returned := 0;
    if 'unsent' = any(p_outcomes) then
        with given as (
            select distinct
                g.message_id,
                g.attempt
            from unnest(p_message_ids, p_attempts, p_outcomes) as g (message_id, attempt, outcome)
            where g.outcome = 'unsent'
        ),

        undone as (
            delete from trustcart.campaign_delivery_attempts as a
            using given as g, trustcart.campaign_messages as m
            where
                a.message_id = g.message_id and a.attempt = g.attempt and a.worker = p_worker and a.outcome is null
                and m.id = a.message_id and m.attempts = a.attempt and m.status = 'sending'
            returning a.message_id
        ),

        changed as (
            update trustcart.campaign_messages as m
            set status = 'queued', claimed_by = null, claimed_at = null, attempts = m.attempts - 1
            from undone as u
            where m.id = u.message_id
            returning m.id
        )

        select count(*) into v_returned from changed as c;
    end if;
    return jsonb_build_object(
        'sent', v_accepted, 'retried', v_retried, 'failed', v_failed, 'returned', v_returned,
        'ignored', v_given - v_returned - v_recorded
    );
end;
$$;
comment on function trustcart.record_deliveries(
    bigint, bigint[], smallint[], text[], text[], text[], text[], double precision[], timestamptz
) is
'Records what became of attempts that claim_messages() handed to a worker; lists of the same length. accepted: the
message is sent, with the provider''s id of it. temporary: queued again after delivery_channels.retry_after, twice as long with
each attempt and up to a tenth more, or p_retry_after (seconds, at most 7 days) where that is longer; failed after
max_attempts. permanent: failed. unsent: not tried after all, the attempt is undone. Recording again changes nothing. An
attempt whose message was taken over meanwhile is recorded too; accepted makes the message sent whatever it is by then.
Answers counts: sent, retried, failed, returned, ignored. TC002 unknown outcome, TC005 lists of different length.';

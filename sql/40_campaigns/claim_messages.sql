-- requires: queued_campaigns, revealed_phones

create or replace function trustcart.claim_messages(
    p_channel text, p_worker bigint, p_limit integer default 500, p_at timestamptz default null
)
returns table (
    message_id bigint,
    attempt smallint,
    message_key text,
    channel text,
    address text,
    subject text,
    body text,
    unsubscribe_url text,
    campaign_id bigint,
    customer_id bigint
)
language plpgsql volatile parallel unsafe
security definer
rows 500
set search_path = pg_catalog, pg_temp
-- A worker's plans are made once, perhaps while the queue is empty: they must be those of a long queue.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_incremental_sort = off
set jit = off
as $$
declare
    v_at timestamptz := coalesce(p_at, clock_timestamp());
    v_settings trustcart.settings;
    v_channel trustcart.delivery_channels;
    v_date date;
    v_tokens numeric;
    v_limit integer := p_limit;
    v_campaigns bigint[];
    v_ended bigint[];
    v_campaign_id bigint;
    v_some bigint[];
    v_found bigint[];
    v_ids bigint[];
    v_customer_ids bigint[];
    v_left bigint[];
    v_reasons text[];
    v_subjects text[];
    v_bodies text[];
    v_phones jsonb := jsonb_build_object();
begin
    if p_worker is null then
        raise exception using
            errcode = 'TC003',
            message = 'worker is required',
            hint = 'Its number comes from trustcart.start_delivery_worker().';
    end if;
    if p_limit is null or p_limit < 1 then
        raise exception using
            errcode = 'TC005',
            message = format('a batch of %s messages', coalesce(p_limit::text, 'null')),
            hint = 'Ask for one message at least.';
    end if;
    if not (p_at >= '1900-01-01 00:00+00' and p_at < '2200-01-01 00:00+00') then
        raise exception using
            errcode = 'TC005',
            message = format('%s is out of any shop''s lifetime', p_at),
            hint = 'Give an instant at which messages may go out; null is now.';
    end if;
    select d.* into v_channel from trustcart.delivery_channels as d where d.channel = p_channel;
    if not found then
        raise exception using
            errcode = 'TC002',
            message = format('unknown channel %L', p_channel),
            hint = 'Known: ' || (select string_agg(d.channel, ', ' order by d.channel) from trustcart.delivery_channels as d);
    end if;
    if not v_channel.is_enabled then
        return;
    end if;
    select s.* into v_settings from trustcart.settings as s;
    v_date := (v_at at time zone v_settings.time_zone)::date;

    -- The bucket is locked only where there is one, so that channels without a limit have no row all workers wait for.
    if v_channel.per_second is not null then
        select d.* into v_channel from trustcart.delivery_channels as d where d.channel = p_channel for no key update;
        v_at := coalesce(p_at, clock_timestamp());
        v_tokens := least(
            v_channel.burst,
            v_channel.tokens
            + coalesce(v_channel.per_second, 0) * greatest(0, extract(epoch from v_at - v_channel.refilled_at))
        );
        v_limit := least(p_limit, floor(v_tokens)::integer);
        if v_limit < 1 then
            return;
        end if;
    end if;

    -- A round that only closes or puts off is followed by another; not without end, for locks are held meanwhile.
    for i in 1..10 loop
        -- The longest waiting first.
        select
            array_agg(c.id order by q.not_before, c.id) filter (
                where
                q.not_before <= v_at and c.is_active
                and coalesce(c.start_date <= v_date, true) and coalesce(c.end_date >= v_date, true)
            ),
            array_agg(c.id) filter (where c.end_date < v_date)
        into v_campaigns, v_ended
        from trustcart_private.queued_campaigns(p_channel) as q
        inner join trustcart.marketing_campaigns as c on q.campaign_id = c.id;

        if v_ended is not null then
            update trustcart.campaign_messages as m
            set
                status = 'expired',
                closed_at = v_at,
                close_reason = 'expired: campaign ended on ' || x.end_date
            from (
                select
                    y.id,
                    c.end_date
                from trustcart.marketing_campaigns as c
                cross join lateral (
                    select o.id
                    from trustcart.campaign_messages as o
                    where o.channel = p_channel and o.status = 'queued' and o.campaign_id = c.id
                    limit 5000
                    for no key update skip locked
                ) as y
                where c.id = any(v_ended)
            ) as x
            where m.id = x.id;
        end if;
        exit when v_campaigns is null;

        -- Messages first, since skip locked never waits; then their customers, so that the rules hold until the end.
        v_found := '{}';
        foreach v_campaign_id in array v_campaigns loop
            select array_agg(f.id) into v_some
            from (
                select m.id
                from trustcart.campaign_messages as m
                where
                    m.channel = p_channel and m.status = 'queued' and m.campaign_id = v_campaign_id and m.not_before <= v_at
                order by m.not_before, m.id
                limit v_limit - cardinality(v_found)
                for no key update skip locked
            ) as f;
            v_found := v_found || coalesce(v_some, '{}');
            exit when cardinality(v_found) >= v_limit;
        end loop;
        exit when cardinality(v_found) = 0;

        with locked as (
            select
                m.id,
                m.customer_id,
                m.not_before
            from trustcart.campaign_messages as m
            inner join trustcart.customers as c on m.customer_id = c.id
            where m.id = any(v_found)
            order by c.id
            for no key update of c skip locked
        )

        select
            array_agg(o.id),
            array_agg(o.customer_id)
        into v_ids, v_customer_ids
        from (
            -- One message of a customer at a time: the next one's turn comes when this one counts.
            select distinct on (l.customer_id)
                l.id,
                l.customer_id
            from locked as l
            order by l.customer_id, l.not_before, l.id
        ) as o;
        exit when v_ids is null;

        if v_settings.quiet_from is not null then
            with zones as materialized (
                select
                    z.time_zone,
                    trustcart_private.quiet_ends_at(
                        v_at, z.time_zone, v_settings.quiet_from, v_settings.quiet_until
                    ) as ends_at
                from (
                    select v_settings.time_zone
                    union
                    select p.time_zone
                    from trustcart.customer_contact_preferences as p
                    where p.customer_id = any(v_customer_ids) and p.time_zone is not null
                ) as z (time_zone)
            ),

            put_off as (
                update trustcart.campaign_messages as m
                set not_before = x.ends_at
                from (
                    select
                        o.id,
                        z.ends_at
                    from trustcart.campaign_messages as o
                    left join trustcart.customer_contact_preferences as p on o.customer_id = p.customer_id
                    inner join zones as z on coalesce(p.time_zone, v_settings.time_zone) = z.time_zone
                    where o.id = any(v_ids) and z.ends_at is not null
                ) as x
                where m.id = x.id
                returning m.id
            )

            select array_agg(p.id) into v_left from put_off as p;
            if v_left is not null then
                select array_agg(m.id), array_agg(m.customer_id) into v_ids, v_customer_ids
                from trustcart.campaign_messages as m
                where m.id = any(v_ids) and m.id <> all(v_left);
                continue when v_ids is null;
            end if;
        end if;

        v_at := coalesce(p_at, clock_timestamp());
        -- What others wrote plans for itself.
        perform set_config('enable_hashjoin', 'on', true), set_config('enable_bitmapscan', 'on', true);
        select
            array_agg(b.customer_id),
            array_agg(concat_ws(': ', b.reason, b.detail))
        into v_left, v_reasons
        from trustcart_private.message_blocks(p_channel, v_at, v_customer_ids, '{sending}', v_ids) as b;
        perform set_config('enable_hashjoin', 'off', true), set_config('enable_bitmapscan', 'off', true);
        if v_left is not null then
            with cancelled as (
                update trustcart.campaign_messages as m
                set status = 'cancelled', closed_at = v_at, close_reason = b.reason
                from unnest(v_left, v_reasons) as b (customer_id, reason)
                where m.id = any(v_ids) and m.customer_id = b.customer_id
                returning m.id
            )

            select array_agg(i.id) into v_ids
            from unnest(v_ids) as i (id)
            where i.id not in (select c.id from cancelled as c);
            continue when v_ids is null;
        end if;

        with claimed as (
            update trustcart.campaign_messages as m
            set status = 'sending', claimed_by = p_worker, claimed_at = v_at, attempts = m.attempts + 1
            where m.id = any(v_ids)
            returning m.id, m.attempts
        )

        insert into trustcart.campaign_delivery_attempts (message_id, attempt, worker, started_at)
        select
            c.id,
            c.attempts,
            p_worker,
            v_at
        from claimed as c;
        if v_tokens is not null then
            update trustcart.delivery_channels as d
            set tokens = v_tokens - cardinality(v_ids), refilled_at = greatest(v_at, d.refilled_at)
            where d.channel = p_channel;
        end if;
        perform set_config('enable_hashjoin', 'on', true), set_config('enable_bitmapscan', 'on', true);
        select
            array_agg(r.message_id),
            array_agg(r.subject),
            array_agg(r.body)
        into v_ids, v_subjects, v_bodies
        from trustcart_private.render_message(v_ids) as r;
        perform set_config('enable_hashjoin', 'off', true), set_config('enable_bitmapscan', 'off', true);
        if p_channel in ('sms', 'whatsapp') then
            v_phones := trustcart_private.revealed_phones(
                array(
                    select m.address
                    from trustcart.campaign_messages as m
                    where m.id = any(v_ids) and m.address like 'enc:%'
                )
            );
        end if;
        return query
        select
            m.id,
            m.attempts,
            trustcart_private.message_key(m.id, m.token),
            m.channel,
            coalesce(v_phones ->> m.address, m.address),
            r.subject,
            r.body,
            v_settings.public_url || '/u/' || trustcart_private.message_key(m.id, m.token),
            m.campaign_id,
            m.customer_id
        from unnest(v_ids, v_subjects, v_bodies) as r (id, subject, body)
        inner join trustcart.campaign_messages as m on r.id = m.id;
        return;
    end loop;
end;
$$;
comment on function trustcart.claim_messages(text, bigint, integer, timestamptz) is
'Hands out up to p_limit messages of a channel that are due at p_at (default: now) to a worker, rendered: each becomes
sending, with a row of campaign_delivery_attempts that says so before anything is sent. No two calls hand out the same
one. Left out: what the channel''s rate limit leaves no room for, campaigns that are not active or not begun, customers
who are locked just now, and further messages of a customer who has one in the batch. On the way, messages of a campaign
that ended become expired, those in the customer''s quiet hours are put off to their end, and those that consent, quiet
period or cap no longer allow become cancelled. message_key is the same in every attempt. TC002 unknown channel, TC003
no worker, TC005 p_limit or p_at; where phone numbers are encrypted TC501 for a wrong key, TC502 without one.';

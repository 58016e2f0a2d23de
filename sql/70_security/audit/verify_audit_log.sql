create or replace function trustcart.verify_audit_log(
    p_position bigint default null,
    p_head text default null
)
returns table (audit_id bigint, chain_position bigint, problem text)
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_position bigint := 0;
    v_chain bytea := decode(repeat('00', 32), 'hex');
    v_kept_from timestamptz := timestamptz '-infinity';
    v_last bigint;
    v_below xid8;
begin
    select
        p.position,
        p.chain_hash,
        p.kept_from
    into v_position, v_chain, v_kept_from
    from (
        select
            c.position,
            c.chain_hash,
            c.kept_from
        from trustcart.audit_checkpoints as c
        union all
        select
            v_position,
            v_chain,
            v_kept_from
    ) as p
    order by p.kept_from desc
    limit 1;
    select
        s.position,
        s.sealed_below
    into v_last, v_below
    from trustcart.audit_seals as s
    order by s.position desc
    limit 1;

    return query
    with runs as (
        select
            r.sealed_below,
            -- A lower number than the run before: a dump was restored into another server.
            lag(r.sealed_below) over (order by r.first_position) as sealed_before
        from (
            select
                s.sealed_below,
                min(s.position) as first_position
            from trustcart.audit_seals as s
            group by s.sealed_below
        ) as r
    ),

    links as (
        select
            s.*,
            lag(s.position, 1, v_position) over (order by s.position) as position_before,
            lag(s.chain_hash, 1, v_chain) over (order by s.position) as chain_before
        from trustcart.audit_seals as s
        where s.position > v_position
    )

    select
        null::bigint as audit_id,
        k.position as chain_position,
        w.problem
    from (
        select
            c.position,
            c.kept_from,
            c.created_at,
            lag(c.position, 1, 0::bigint) over in_order as position_before,
            sum(c.dropped_rows) over in_order as dropped
        from trustcart.audit_checkpoints as c
        window in_order as (order by c.kept_from)
    ) as k
    cross join lateral (
        values
        (
            k.created_at > now() or k.kept_from > k.created_at - interval '648 hours',
            'the checkpoint is of the future, or of rows that were to be kept'
        ),
        -- Each link up to it went with a row; of the rows that went besides, the links are there.
        (
            k.position < k.position_before
            or k.dropped < k.position
            or (
                k.kept_from = v_kept_from
                and k.dropped - k.position <> (
                    select count(*)
                    from links as n
                    where
                        n.audit_created_at < v_kept_from
                        and not exists (select from trustcart.audit_logs as l where l.id = n.audit_id)
                )
            ),
            'the checkpoint does not fit the rows that were dropped'
        )
    ) as w (is_wrong, problem)
    where w.is_wrong

    union all
    select
        s.audit_id,
        s.position,
        'the link is still there although a checkpoint says that it was dropped'
    from trustcart.audit_seals as s
    where s.position <= v_position

    union all
    select
        k.audit_id,
        k.position,
        w.problem
    from links as k
    inner join runs as r on k.sealed_below = r.sealed_below
    left join trustcart.audit_logs as l on k.audit_id = l.id
    cross join lateral (
        values
        (k.position <> k.position_before + 1, 'links are missing before this one'),
        (
            k.chain_hash <> trustcart_private.next_chain_hash(
                k.chain_before, trustcart_private.audit_link(k.position, k.sealed_below, k.row_digest)
            ),
            'the chain is broken: this link does not follow from the one before'
        ),
        (l.id is null and k.audit_created_at >= v_kept_from, 'the row is missing'),
        (l.id is not null and k.row_digest <> trustcart_private.audit_row_digest(l), 'the row was changed'),
        (
            l.txid < r.sealed_before and r.sealed_before <= k.sealed_below,
            'the row is older than the links before it: it was put in later'
        ),
        (
            l.txid >= k.sealed_below and r.sealed_before <= k.sealed_below,
            'the row is newer than its link'
        )
    ) as w (is_wrong, problem)
    where w.is_wrong

    union all
    select
        l.id,
        null,
        'the row is not in the chain although older than its end: it was put in later, or its link removed'
    from trustcart.audit_logs as l
    where l.txid < v_below and not exists (select from trustcart.audit_seals as s where s.audit_id = l.id)

    union all
    select
        l.id,
        s.position,
        'the payload was emptied and no erasure of that customer is on record'
    from trustcart.audit_logs as l
    left join trustcart.audit_seals as s on l.id = s.audit_id
    where
        l.erased_at is not null
        and not (
            exists (
                select from trustcart.audit_logs as e
                where e.action = 'erase' and e.customer_id = l.customer_id and e.created_at = l.erased_at
            )
            and exists (
                select from trustcart.customer_erasures as r
                where r.customer_id = l.customer_id and r.erased_at <= l.erased_at
            )
        )

    union all
    select
        null,
        p_position,
        'the chain ends before the position noted: its end was cut off'
    where p_position > coalesce(v_last, v_position)

    union all
    select
        s.audit_id,
        s.position,
        'the chain is another than when this position was noted'
    from (
        select
            x.audit_id,
            x.position,
            x.chain_hash
        from trustcart.audit_seals as x
        union all
        select
            null,
            v_position,
            v_chain
    ) as s
    where s.position = p_position and encode(s.chain_hash, 'hex') is distinct from lower(p_head)

    order by 2 nulls last, 1, 3;
end;
$$;
comment on function trustcart.verify_audit_log(bigint, text) is
'What was tampered with in audit_logs, since it was sealed; empty is right. Recomputes every link: rows changed, missing
or put in behind the seals, links broken, missing or reordered, checkpoints that nobody may have made or that do not fit
what was dropped, payloads emptied though customer_erasures does not know the customer. Given a position and head that
seal_audit_log() once returned and somebody kept outside the database, also whether the chain is still the one that had
them: who can rewrite all of the chain cannot rewrite that. Rows not sealed yet are not looked at. After a dump was
restored into another server, seal once before.';

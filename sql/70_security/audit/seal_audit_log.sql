-- requires: require_date, business_date

create or replace function trustcart.seal_audit_log(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '5s'
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_position bigint := 0;
    v_chain bytea := decode(repeat('00', 32), 'hex');
    v_below xid8;
    v_sealed_below xid8;
    v_is_other_server boolean;
    v_is_alone boolean := true;
    v_sealed bigint;
    v_head bytea;
begin
    -- One sealer at a time; whoever writes audit rows or reads the chain waits for nobody. A lock that only the owner can
    -- take, unlike an advisory one, and of this table, for which no vacuum comes by, unlike audit_seals.
    begin
        lock table trustcart.audit_checkpoints in share row exclusive mode nowait;
    exception when lock_not_available then
        v_is_alone := false;
    end;
    select
        c.position,
        c.chain_hash
    into v_position, v_chain
    from (
        select
            s.position,
            s.chain_hash
        from (
            select
                t.position,
                t.chain_hash
            from trustcart.audit_seals as t
            order by t.position desc
            limit 1
        ) as s
        union all
        select
            p.position,
            p.chain_hash
        from trustcart.audit_checkpoints as p
        union all
        select
            v_position,
            v_chain
    ) as c
    order by c.position desc
    limit 1;
    if not v_is_alone then
        return jsonb_build_object(
            'as_of', v_as_of, 'sealed', 0, 'position', v_position, 'head', encode(v_chain, 'hex')
        );
    end if;
    select s.sealed_below into v_sealed_below from trustcart.audit_seals as s where s.position = v_position;

    -- Every transaction below this one has ended: what it wrote, the next statement sees.
    v_below := pg_snapshot_xmin(pg_current_snapshot());
    -- A dump restored into a server that counts from a lower number: what came along may lie ahead of its counter.
    v_is_other_server := v_sealed_below is null or v_below < v_sealed_below;
    with due as materialized (
        select
            l.id,
            l.created_at,
            trustcart_private.audit_row_digest(l) as row_digest,
            v_position + row_number() over (order by l.txid, l.id) as position
        from trustcart.audit_logs as l
        where
            case
                when v_is_other_server
                    then
                        (l.txid < v_below or l.txid >= pg_snapshot_xmax(pg_current_snapshot()))
                        and l.txid is distinct from pg_current_xact_id_if_assigned()
                        and not exists (select from trustcart.audit_seals as s where s.audit_id = l.id)
                else l.txid >= v_sealed_below and l.txid < v_below
            end
    ),

    sealed as (
        insert into trustcart.audit_seals (
            position, audit_id, audit_created_at, sealed_below, row_digest, chain_hash
        )
        select
            c.position,
            c.id,
            c.created_at,
            v_below,
            c.row_digest,
            c.chain_hash
        from (
            select
                x.position,
                x.id,
                x.created_at,
                x.row_digest,
                trustcart_private.chain_hash(x.link) over (order by x.position) as chain_hash
            from (
                select
                    d.position,
                    d.id,
                    d.created_at,
                    d.row_digest,
                    trustcart_private.audit_link(d.position, v_below, d.row_digest) as link
                from due as d
                union all
                select
                    v_position,
                    null,
                    null,
                    null,
                    v_chain
            ) as x
        ) as c
        where c.id is not null
        order by c.position
        returning 1
    )

    select count(*) into v_sealed from sealed;
    select s.chain_hash into v_head from trustcart.audit_seals as s where s.position = v_position + v_sealed;
    return jsonb_build_object(
        'as_of', v_as_of,
        'sealed', v_sealed,
        'position', v_position + v_sealed,
        'head', encode(coalesce(v_head, v_chain), 'hex')
    );
end;
$$;
comment on function trustcart.seal_audit_log(date) is
'At the end of each tick, as a daily job, and whenever one likes: appends to audit_seals, in the order of (txid, id),
every row of audit_logs that no transaction still running can precede; what a long transaction is writing waits for the
next time. p_as_of is the date that the run is filed under. One that finds another sealer, or drop_old_audit_logs(), at
work leaves it to the next and waits for nobody; killed, it has done nothing. Returns {"as_of", "sealed": rows,
"position", "head": the last chain_hash}: position and head, kept elsewhere, let verify_audit_log() find that the end of
the chain was cut off or the whole made anew. TC001 date.';

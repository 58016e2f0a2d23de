create or replace function trustcart_private.audit_tail_differences(p_links integer)
returns table (chain_position bigint, problem text)
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with links as (
        select
            s.*,
            lag(s.position) over (order by s.position) as position_before,
            lag(s.chain_hash) over (order by s.position) as chain_before
        from (
            select t.*
            from trustcart.audit_seals as t
            order by t.position desc
            limit p_links + 1
        ) as s
    )

    select
        k.position,
        w.problem
    from links as k
    left join trustcart.audit_logs as l on k.audit_id = l.id and k.audit_created_at = l.created_at
    cross join lateral (
        values
        (k.position <> k.position_before + 1, 'links are missing before this one'),
        (
            k.chain_hash <> trustcart_private.next_chain_hash(
                k.chain_before, trustcart_private.audit_link(k.position, k.sealed_below, k.row_digest)
            ),
            'the chain is broken: this link does not follow from the one before'
        ),
        (l.id is null, 'the row is missing'),
        (l.id is not null and k.row_digest <> trustcart_private.audit_row_digest(l), 'the row was changed')
    ) as w (is_wrong, problem)
    -- The first is there for the second.
    where k.position_before is not null and w.is_wrong
    order by k.position;
end;
$$;
comment on function trustcart_private.audit_tail_differences(integer) is
'What verify_audit_log() would say of the newest links alone: p_links of them are followed, and their rows compared.
Quick enough to be asked often: what was put in behind the seals, only the whole finds.';

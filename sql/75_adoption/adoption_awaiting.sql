-- requires: adoption_again

create or replace function trustcart_private.adoption_awaiting(p_entity text, p_keys bigint[])
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source record;
begin
    for v_source in
        select
            s.source_name,
            array_agg(distinct q.source_key order by q.source_key) as keys
        from trustcart_private.adoption_quarantine as q
        inner join trustcart_private.adoption_sources as s on q.entity = s.entity and q.slot = s.slot
        where q.awaits_entity = p_entity and q.awaits_key = any(p_keys)
        group by s.source_name
        order by s.source_name
    loop
        perform trustcart_private.adoption_again(v_source.source_name, v_source.keys);
    end loop;
end;
$$;
comment on function trustcart_private.adoption_awaiting(text, bigint[]) is
'Rows came to be here: what lay in the quarantine for want of them is read again.';

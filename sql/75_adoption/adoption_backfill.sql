-- requires: adoption_again, adoption_lock_class

create or replace function trustcart_private.adoption_backfill(p_source text, p_limit integer)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source trustcart_private.adoption_sources;
    v_keys bigint[];
    v_last_key bigint;
begin
    select s.*
    into v_source
    from trustcart_private.adoption_sources as s
    where s.source_name = p_source
    for update;
    -- A row that the source deletes while this batch has it in hand must not stay with us. Whoever deletes takes this
    -- lock shared, before it deletes our row and until its end; a batch takes it alone, before it reads and until its
    -- end. If the delete comes first, the batch reads after its end and finds the row gone. If the batch comes first,
    -- the delete looks for our row after the batch's end and finds it. (In a transaction of the source that is
    -- REPEATABLE READ and older than the batch it does not: adopt compares once more at the end.)
    perform pg_advisory_xact_lock(
        trustcart_private.adoption_lock_class(), 4000 + array_position(
            '{users,categories,products,customers,orders,items}'::text[], v_source.entity
        ) * 10 + v_source.slot
    );
    if v_source.entity = 'orders' then
        select
            array_agg(q.source_key order by q.place),
            max(q.place)
        into v_keys, v_last_key
        from (
            select
                a.place,
                a.source_key
            from trustcart_private.adoption_queue as a
            where a.place > coalesce(v_source.last_key, 0)
            order by a.place
            limit p_limit
        ) as q;
        v_keys := coalesce(v_keys, array[]::bigint[]);
    else
        execute format('select trustcart_private.%I($1, $2)', 'adopt_keys_' || p_source)
        into v_keys
        using v_source.last_key, p_limit;
        v_last_key := v_keys[cardinality(v_keys)];
    end if;
    perform trustcart_private.adoption_again(p_source, v_keys);
    update trustcart_private.adoption_sources as s
    set
        last_key = coalesce(v_last_key, s.last_key),
        rows_done = s.rows_done + cardinality(v_keys),
        done_at = case when cardinality(v_keys) < p_limit then now() end
    where s.source_name = p_source;
    if v_source.entity = 'orders' and cardinality(v_keys) < p_limit then
        truncate trustcart_private.adoption_queue;
    end if;
    return cardinality(v_keys);
end;
$$;
comment on function trustcart_private.adoption_backfill(text, integer) is
'Brings the next p_limit rows of a source over, in key order (orders as adoption_queue has them), with the note of how
far it has come: to be committed as one. Returns how many keys there were; fewer than p_limit and the source is done.';

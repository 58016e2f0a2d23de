create or replace function trustcart_private.release_void_claims(p_task_date date, p_void_before timestamptz)
returns integer
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
-- The first entries of an index in its order; mostly there are none.
set plan_cache_mode = force_generic_plan
set enable_sort = off
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
declare
    v_task_ids bigint[] := array(
        select t.id
        from trustcart.crm_call_tasks as t
        where
            t.status = 'pending'
            and t.task_date = p_task_date
            and t.claimed_at < p_void_before
            and (t.started_at < p_void_before) is not false
        order by t.claimed_at
        for no key update skip locked
    );
begin
    if cardinality(v_task_ids) > 0 then
        update trustcart.crm_call_tasks as t
        set claimed_by = null, claimed_at = null, started_at = null
        where t.id = any(v_task_ids);
    end if;
    return cardinality(v_task_ids);
end;
$$;
comment on function trustcart_private.release_void_claims(date, timestamptz) is
'Gives the tasks of a date back that were claimed before an instant and neither settled nor begun since: they are
nobody''s again, and stand where they stood in their list. Returns how many.';

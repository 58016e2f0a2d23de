create or replace function trustcart_private.batch_position(p_job_name text, p_part text, p_task jsonb)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_done_to bigint;
begin
    insert into trustcart_private.batch_positions as b (job_name, part, task, done_to)
    -- Adopted guests have ids below zero.
    values (p_job_name, p_part, p_task, '-9223372036854775808')
    on conflict (job_name, part) do update
    set
        task = excluded.task,
        done_to = case when b.task = excluded.task then b.done_to else excluded.done_to end
    returning b.done_to into v_done_to;
    return v_done_to;
end;
$$;
comment on function trustcart_private.batch_position(text, text, jsonb) is
'The id up to which a part of a job is done in this task; the least bigint when it begins. Locks the row, so that a
second run waits.';

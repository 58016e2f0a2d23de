create or replace function trustcart_private.move_batch_position(p_job_name text, p_part text, p_done_to bigint)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update trustcart_private.batch_positions as b
    set done_to = coalesce(p_done_to, 9223372036854775807), moved_at = now()
    where b.job_name = p_job_name and b.part = p_part;
end;
$$;
comment on function trustcart_private.move_batch_position(text, text, bigint) is
'Notes up to which id a part of a job is done; null: all of it.';

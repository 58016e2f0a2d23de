create or replace function trustcart_private.end_batches(p_job_name text)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from trustcart_private.batch_positions as b where b.job_name = p_job_name;
end;
$$;
comment on function trustcart_private.end_batches(text) is
'Forgets where a job stands: it is through, and begins at the beginning the next time.';

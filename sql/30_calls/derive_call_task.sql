create or replace function trustcart_private.derive_call_task()
returns trigger
language plpgsql
security invoker
set search_path = pg_catalog
as $$
begin
    new.updated_at := now();
    if new.status = 'pending' then
        new.completed_at := null;
        new.closed_at := null;
    elsif tg_op = 'INSERT' or old.status = 'pending' then
        -- clock_timestamp: a task may be begun and completed within one transaction.
        new.closed_at := clock_timestamp();
        new.completed_at := case when new.status = 'completed' then new.closed_at end;
    else
        new.closed_at := old.closed_at;
        new.completed_at := case when new.status = 'completed' then coalesce(old.completed_at, clock_timestamp()) end;
    end if;
    return new;
end;
$$;
comment on function trustcart_private.derive_call_task() is
'Trigger: completed_at, closed_at and updated_at of a task follow from its status, whatever values were supplied.';

-- requires: adoption_sync

create or replace function trustcart_private.adoption_again(p_source text, p_keys bigint[])
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_locked bigint[];
begin
    execute format('select trustcart_private.%I($1)', 'adopt_lock_' || p_source) into v_locked using p_keys;
    perform trustcart_private.adoption_sync(p_source, p_keys, v_locked);
end;
$$;
comment on function trustcart_private.adoption_again(text, bigint[]) is
'Reads rows of a source again that no write of the source is about: backfill, repair. Our rows are locked first, and the
source is read in a statement after that. So whoever writes a row of the source at the same time has either committed,
and is read, or comes to our row after us; a row that was not here to be locked is only inserted, since one that is here
by then was written by somebody newer.';

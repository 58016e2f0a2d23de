create or replace function trustcart_private.adoption_note(
    p_source text, p_keys bigint[], p_column text, p_sqlstate text, p_message text
)
returns void
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
insert into trustcart_private.adoption_quarantine as q (entity, slot, source_key, column_name, sqlstate, message)
select
    s.entity,
    s.slot,
    k.key,
    p_column,
    p_sqlstate,
    p_message
from trustcart_private.adoption_sources as s
cross join (select distinct x.key from unnest(p_keys) as x (key)) as k
where s.source_name = p_source
order by k.key
on conflict (entity, slot, source_key, column_name) do update
set
    sqlstate = excluded.sqlstate,
    message = excluded.message,
    awaits_entity = null,
    awaits_key = null,
    tries = q.tries + 1,
    last_seen = now()
$$;
comment on function trustcart_private.adoption_note(text, bigint[], text, text, text) is
'Puts rows of a source (p_column empty) or a column of them into the quarantine.';

create or replace function trustcart_private.longest_stretch(p_hours tstzmultirange)
returns tstzrange
language plpgsql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select h.stretch
        from unnest(p_hours) as h (stretch)
        order by upper(h.stretch) - lower(h.stretch) desc, lower(h.stretch)
        limit 1
    );
end;
$$;
comment on function trustcart_private.longest_stretch(tstzmultirange) is
'The longest of several stretches of time, the earliest of equals; null of none.';

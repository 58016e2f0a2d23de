create or replace function trustcart_private.template_pieces(p_template text)
returns table (place bigint, literal text, variable text, starts_at integer)
language plpgsql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_place bigint := 0;
    v_from integer := 1;
    v_at integer;
    v_token text;
begin
    loop
        v_at := regexp_instr(p_template, '\{\{ *[a-z][a-z0-9_]* *\}\}', v_from);
        exit when coalesce(v_at, 0) = 0;
        v_token := substring(substr(p_template, v_at) from '^\{\{ *[a-z][a-z0-9_]* *\}\}');
        if v_at > v_from then
            v_place := v_place + 1;
            return query select v_place, substr(p_template, v_from, v_at - v_from), null::text, v_from;
        end if;
        v_place := v_place + 1;
        return query select v_place, null::text, btrim(v_token, '{} '), v_at;
        v_from := v_at + length(v_token);
    end loop;
    if v_from <= length(p_template) then
        v_place := v_place + 1;
        return query select v_place, substr(p_template, v_from), null::text, v_from;
    end if;
end;
$$;
comment on function trustcart_private.template_pieces(text) is
'A template cut into what stands as it is (literal) and the variables {{ name }}, in order, with the position at which
each begins, counted from 1.';

create or replace function trustcart_private.pgcrypto_schema()
returns name
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_schema name := (
        select n.nspname
        from pg_extension as e
        inner join pg_namespace as n on e.extnamespace = n.oid
        where e.extname = 'pgcrypto'
    );
begin
    if v_schema is null then
        raise exception using
            errcode = 'TC503',
            message = 'the extension pgcrypto is not in this database',
            hint = case
                when exists (select from pg_available_extensions as a where a.name = 'pgcrypto')
                    then 'Run, as its owner: create extension pgcrypto; any schema will do.'
                else 'Install the package with Postgres''s contrib modules on the server, then: create extension pgcrypto;'
            end;
    end if;
    return v_schema;
end;
$$;
comment on function trustcart_private.pgcrypto_schema() is
'The schema that pgcrypto was installed in: whichever, for the search path decides nothing here. TC503 without it.';

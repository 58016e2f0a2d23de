-- requires: adoption_carefully

create or replace function trustcart_private.adoption_sync(
    p_source text, p_keys bigint[], p_overwrite bigint[]
)
returns bigint[]
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Not by a SET clause: a parameter that no extension knows takes a superuser there.
    v_former constant text := coalesce(current_setting('trustcart.source_writes', true), '');
    v_changed bigint[] := array[]::bigint[];
begin
    if cardinality(p_keys) > 0 then
        perform set_config('trustcart.source_writes', 'on', true);
        v_changed := trustcart_private.adoption_carefully(p_source, p_keys, p_overwrite);
        perform set_config('trustcart.source_writes', v_former, true);
    end if;
    return v_changed;
end;
$$;
comment on function trustcart_private.adoption_sync(text, bigint[], bigint[]) is
'Reads rows of a source again by key and writes them to our table, whatever their values: what cannot come over goes
into the quarantine, a column by itself where the row can do without. p_overwrite: the keys whose row, should it be here
already, is overwritten; of others a row that is here is newer. Returns the ids of rows that came to be here, or no
longer are. Passes on what is not about a value: SQLSTATE classes 40, 53, 55, 57, 58, XX.';

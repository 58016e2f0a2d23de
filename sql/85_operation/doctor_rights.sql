-- requires: right_differences, listed

create or replace function trustcart.doctor_rights()
returns table (check_name text, status text, finding text, threshold text, remedy text, figures jsonb)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_missing text[];
    v_added text[];
    v_owners text[];
begin
    select
        array_agg(d.difference) filter (where d.is_missing),
        array_agg(d.difference) filter (where not d.is_missing)
    into v_missing, v_added
    from trustcart_private.right_differences() as d;
    check_name := 'grants';
    status := case when v_missing is not null then 'critical' when v_added is not null then 'warning' else 'ok' end;
    finding := coalesce(
        nullif(
            concat_ws(
                '; ',
                'taken away: ' || trustcart_private.listed(v_missing),
                'added: ' || trustcart_private.listed(v_added)
            ),
            ''
        ),
        'as the last migrate left them'
    );
    threshold := 'warning: a right of a group role was added; critical: one was taken away';
    remedy := case when status <> 'ok' then 'trustcart-db migrate gives them as they should be.' end;
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_rights_missing', 'value', coalesce(cardinality(v_missing), 0)),
        jsonb_build_object('name', 'trustcart_rights_added', 'value', coalesce(cardinality(v_added), 0))
    );
    return next;

    select array_agg(distinct pg_get_userbyid(o.owner)::text)
    into v_owners
    from (
        select n.nspowner as owner
        from pg_namespace as n
        where n.nspname in ('trustcart', 'trustcart_private', 'trustcart_api')
        union
        select c.relowner
        from pg_class as c
        inner join pg_namespace as n on c.relnamespace = n.oid
        where
            n.nspname in ('trustcart', 'trustcart_private', 'trustcart_api')
            and c.relkind in ('r', 'p', 'v', 'm', 'S')
        union
        select p.proowner
        from pg_proc as p
        inner join pg_namespace as n on p.pronamespace = n.oid
        where n.nspname in ('trustcart', 'trustcart_private', 'trustcart_api')
    ) as o;
    check_name := 'owner';
    status := case when cardinality(v_owners) = 1 then 'ok' else 'critical' end;
    finding := 'owned by ' || trustcart_private.listed(v_owners);
    threshold := 'critical: more than one owner';
    remedy := case
        when status <> 'ok' then 'Give everything to the role that migrates: the functions run with its rights.'
    end;
    figures := jsonb_build_array(jsonb_build_object('name', 'trustcart_owners', 'value', cardinality(v_owners)));
    return next;
end;
$$;
comment on function trustcart.doctor_rights() is
'Part of `trustcart-db doctor`: grants (are the rights of the group roles those that grants.sql gave?) and owner (does
one role own all of ours?). A row a check: its name, status (ok, warning, critical or unknown), what was found, the
thresholds, what to do about it, and figures: [{"name", "value", "labels"}] as Prometheus names them.';

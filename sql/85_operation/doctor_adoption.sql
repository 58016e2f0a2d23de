-- requires: adoption_status, listed

create or replace function trustcart.doctor_adoption()
returns table (check_name text, status text, finding text, threshold text, remedy text, figures jsonb)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_adoption jsonb := trustcart.adoption_status();
    v_state text := coalesce(v_adoption ->> 'state', 'removed');
    v_tables bigint := 0;
    v_done bigint := 0;
    v_lonely text[];
    v_quarantined bigint := 0;
    v_where text[];
begin
    if v_state <> 'removed' then
        select
            count(*),
            count(*) filter (where s.value ->> 'done_at' is not null),
            array_agg(s.value ->> 'table' order by s.ordinality) filter (
                where not exists (
                    select
                    from pg_trigger as t
                    where
                        t.tgrelid = to_regclass(s.value ->> 'table') and t.tgname like 'trustcart\_adopt\_%'
                )
            ),
            coalesce(sum((s.value ->> 'quarantined')::bigint), 0),
            array_agg(
                format('%s of %s', s.value ->> 'quarantined', s.value ->> 'table')
                order by (s.value ->> 'quarantined')::bigint desc
            ) filter (where s.value ->> 'quarantined' <> '0')
        into v_tables, v_done, v_lonely, v_quarantined, v_where
        from jsonb_array_elements(v_adoption -> 'sources') with ordinality as s (value, ordinality);
    end if;
    check_name := 'adoption';
    status := case
        when v_lonely is not null then 'critical' when v_state = 'backfilling' then 'warning' else 'ok'
    end;
    finding := case
        when v_state = 'removed' then 'no tables are adopted'
        when v_lonely is not null
            then format('%s, but without triggers on %s', v_state, trustcart_private.listed(v_lonely))
        when v_state = 'backfilling'
            then format('stands half-way: the past of %s of %s tables has come over', v_done, v_tables)
        else format('%s tables are followed', v_tables)
    end;
    threshold := 'warning: the past has not all come over; critical: a followed table lacks its triggers';
    remedy := case when status <> 'ok' then 'trustcart-db adopt --mapping FILE goes on, then adopt --check.' end;
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_adoption_tables', 'value', v_tables),
        jsonb_build_object('name', 'trustcart_adoption_tables_done', 'value', v_done)
    );
    return next;

    check_name := 'quarantine';
    status := case when v_quarantined > 0 then 'warning' else 'ok' end;
    finding := case
        when v_quarantined > 0 then trustcart_private.listed(v_where) else 'nothing is in the quarantine'
    end;
    threshold := 'warning: anything of an adopted table could not come over';
    remedy := case
        when status <> 'ok' then 'trustcart-db adopt --check says why; mend the mapping or the ERP, then adopt --repair.'
    end;
    figures := jsonb_build_array(jsonb_build_object('name', 'trustcart_adoption_quarantined', 'value', v_quarantined));
    return next;
end;
$$;
comment on function trustcart.doctor_adoption() is
'Part of `trustcart-db doctor`: adoption (are the ERP''s tables followed, has their past come over?) and quarantine
(what could not come over?). Rows as of doctor_rights().';

-- requires: add_agent_calls, free_agent_calls

create or replace function trustcart_private.count_agent_calls()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_agent_ids bigint[];
    v_dates date[];
    v_planned integer[];
    v_made integer[];
    v_from bigint;
    v_to bigint;
begin
    if tg_op = 'UPDATE' then
        v_from := case when old.status not in ('skipped', 'cancelled') then old.assigned_agent_id end;
        v_to := case when new.status not in ('skipped', 'cancelled') then new.assigned_agent_id end;
        if new.status = 'pending' and v_to is not null then
            -- Agents before days, as everywhere.
            perform pg_advisory_xact_lock_shared(hashtextextended('trustcart.agent_days', v_to));
        end if;
        -- Both days in key order.
        if (v_from, old.task_date) < (v_to, new.task_date) then
            perform trustcart_private.free_agent_calls(array[v_from], array[old.task_date], array[1]);
        end if;
        if v_to is not null then
            perform trustcart_private.add_agent_calls(
                array[v_to],
                array[new.task_date],
                array[(new.status = 'pending')::integer],
                array[(new.status <> 'pending')::integer]
            );
        end if;
        if v_from is not null and ((v_from, old.task_date) < (v_to, new.task_date)) is not true then
            perform trustcart_private.free_agent_calls(array[v_from], array[old.task_date], array[1]);
        end if;
    elsif tg_op = 'INSERT' then
        select
            array_agg(n.assigned_agent_id order by n.assigned_agent_id, n.task_date),
            array_agg(n.task_date order by n.assigned_agent_id, n.task_date),
            array_agg(n.planned order by n.assigned_agent_id, n.task_date),
            array_agg(n.made order by n.assigned_agent_id, n.task_date)
        into v_agent_ids, v_dates, v_planned, v_made
        from (
            select
                t.assigned_agent_id,
                t.task_date,
                count(*) filter (where t.status = 'pending') as planned,
                count(*) filter (where t.status <> 'pending') as made
            from new_rows as t
            where t.assigned_agent_id is not null and t.status not in ('skipped', 'cancelled')
            group by t.assigned_agent_id, t.task_date
        ) as n;
        if v_agent_ids is not null then
            perform trustcart_private.add_agent_calls(v_agent_ids, v_dates, v_planned, v_made);
        end if;
    elsif tg_op = 'DELETE' then
        select
            array_agg(o.assigned_agent_id order by o.assigned_agent_id, o.task_date),
            array_agg(o.task_date order by o.assigned_agent_id, o.task_date),
            array_agg(o.calls order by o.assigned_agent_id, o.task_date)
        into v_agent_ids, v_dates, v_made
        from (
            select
                t.assigned_agent_id,
                t.task_date,
                count(*) as calls
            from old_rows as t
            where t.assigned_agent_id is not null and t.status not in ('skipped', 'cancelled')
            group by t.assigned_agent_id, t.task_date
        ) as o;
        if v_agent_ids is not null then
            perform trustcart_private.free_agent_calls(v_agent_ids, v_dates, v_made);
        end if;
    else
        delete from trustcart.agent_days;
    end if;
    return null;
end;
$$;
comment on function trustcart_private.count_agent_calls() is
'Trigger of crm_call_tasks: keeps agent_days, the calls of an agent''s day that are not skipped or cancelled, and with
it the cap. TC201, TC206 and TC207 as add_agent_calls() says.';

-- requires: flag_wrong_number

create or replace function trustcart_private.log_completed_call()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE' and old.status = 'completed' then
        if exists (select from trustcart.customers as c where c.id = new.customer_id and c.erased_at is not null) then
            return null;
        elsif
            (old.outcome, old.notes, old.follow_up_date, old.assigned_agent_id)
            is not distinct from (new.outcome, new.notes, new.follow_up_date, new.assigned_agent_id)
        then
            -- Only the customer is another, as in a merge: what was corrected in the interaction itself stays.
            update trustcart.customer_interactions as i
            set customer_id = new.customer_id
            where i.task_id = new.id and i.customer_id <> new.customer_id;
            update trustcart.crm_call_attempts as a
            set customer_id = new.customer_id
            where a.task_id = new.id and a.attempted_at = old.completed_at and a.customer_id <> new.customer_id;
            return null;
        end if;
    end if;

    insert into trustcart.customer_interactions as i (
        customer_id, interaction_type, direction, subject, details, outcome, agent_id, interaction_date, follow_up_date,
        task_id
    )
    values (
        new.customer_id, 'call', 'outbound', new.task_type, new.notes, new.outcome, new.assigned_agent_id,
        new.completed_at, new.follow_up_date, new.id
    )
    on conflict (task_id) where task_id is not null do update
    set
        customer_id = excluded.customer_id,
        details = excluded.details,
        outcome = excluded.outcome,
        agent_id = excluded.agent_id,
        interaction_date = excluded.interaction_date,
        follow_up_date = excluded.follow_up_date;

    if tg_op = 'UPDATE' and old.status = 'completed' then
        update trustcart.crm_call_attempts as a
        set
            customer_id = new.customer_id,
            agent_id = new.assigned_agent_id,
            outcome = coalesce(nullif(btrim(new.outcome), ''), 'completed'),
            notes = new.notes
        where a.task_id = new.id and a.attempted_at = old.completed_at;
    else
        insert into trustcart.crm_call_attempts (attempted_at, task_id, customer_id, agent_id, outcome, notes)
        values (
            new.completed_at, new.id, new.customer_id, new.assigned_agent_id,
            coalesce(nullif(btrim(new.outcome), ''), 'completed'), new.notes
        );
    end if;

    if exists (
        select
        from trustcart.call_outcomes as o
        where o.outcome = trustcart_private.outcome_word(new.outcome) and o.next_step = 'flag_phone'
    ) then
        -- Once a call: a later correction of its notes does not flag the customer's other number as well.
        if not exists (select from trustcart.customer_phone_flags as f where f.task_id = new.id) then
            perform trustcart.flag_wrong_number(new.customer_id, new.id, new.completed_at);
        end if;
    elsif tg_op = 'UPDATE' and old.status = 'completed' then
        delete from trustcart.customer_phone_flags as f where f.task_id = new.id;
    end if;
    return null;
end;
$$;
comment on function trustcart_private.log_completed_call() is
'Trigger: a task that becomes completed writes its interaction, once, and the attempt, whoever completed it and how,
and flags the number where call_outcomes says so of the outcome; a later correction of the task corrects all three.
Moved to another customer it takes the interaction and the attempt along; of an erased one it writes nothing.';

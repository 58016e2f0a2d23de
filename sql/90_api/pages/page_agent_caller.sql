-- requires: trustcart.find_caller, is_restricted, own_agent_ids, page_frame

create or replace function trustcart_api.page_agent_caller(p_phone text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sees_all boolean := not trustcart_private.is_restricted();
    v_own bigint[] := trustcart_private.own_agent_ids();
begin
    return jsonb_build_object(
        'frame', trustcart_api.page_frame(),
        'phone', btrim(p_phone),
        'callers', (
            select
                coalesce(
                    jsonb_agg(
                        to_jsonb(f)
                        || jsonb_build_object(
                            'is_yours', v_sees_all or exists (
                                select from trustcart_private.customers_of_caller as v
                                where v.customer_id = f.customer_id
                            ),
                            'open_task_is_yours', f.open_task_id is not null and (
                                v_sees_all or exists (
                                    select from trustcart.crm_call_tasks as t
                                    where
                                        t.id = f.open_task_id
                                        and (t.assigned_agent_id = any(v_own) or t.claimed_by = any(v_own))
                                )
                            )
                        )
                    ),
                    '[]'
                )
            from trustcart.find_caller(p_phone) as f
        ),
        'task_types', (
            select
                jsonb_agg(jsonb_build_object('task_type', y.task_type, 'description', y.description) order by y.rank)
            from trustcart.call_task_types as y
            where y.is_enabled
        ),
        'outcomes', (select jsonb_agg(o.outcome order by o.outcome) from trustcart.call_outcomes as o)
    );
end;
$$;
comment on function trustcart_api.page_agent_caller(text) is
'Who rings in: callers, the rows of find_caller() as an array, in its order, with is_yours (the caller of this function
may open the customer) and open_task_is_yours (and work the call that is open for them); the phone as asked for;
task_types and outcomes to choose from; frame. Errors as find_caller(); TC402 when nobody is signed in.';

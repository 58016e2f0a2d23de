-- requires: check_task_access, concealed_phone

create or replace function trustcart_private.begin_request(
    p_request_id text, p_operation text, p_arguments jsonb, p_task_id bigint default null
)
returns trustcart_private.call_requests
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_earlier trustcart_private.call_requests;
    v_arguments jsonb := p_arguments;
begin
    if p_request_id is null then
        return null;
    elsif btrim(p_request_id) = '' or length(p_request_id) > 200 then
        raise exception using
            errcode = 'TC005',
            message = 'the request id is ' || case when btrim(p_request_id) = '' then 'blank' else 'too long' end,
            hint = 'Give each request an id of its own, of up to 200 characters, such as a UUID; repeated, the same.';
    end if;

    -- The one argument that is a phone number: the family member's.
    if p_operation = 'complete_call_task' and p_arguments #>> '{7,phone}' <> '' then
        v_arguments := jsonb_set(
            p_arguments, '{7,phone}', to_jsonb(trustcart_private.concealed_phone(p_arguments #>> '{7,phone}'))
        );
    end if;
    -- Two of one id at once: the second waits here, and finds the first or, where that failed, takes its place.
    insert into trustcart_private.call_requests (request_id, operation, arguments, task_id)
    values (p_request_id, p_operation, v_arguments, p_task_id)
    on conflict do nothing;
    if found then
        -- Each new request clears away two that nobody repeats any more, so that the table does not grow for ever.
        delete from trustcart_private.call_requests as r
        where r.request_id in (
            select o.request_id
            from trustcart_private.call_requests as o
            where
                o.requested_at < now() - make_interval(
                    days => (select s.call_requests_keep_days from trustcart.settings as s)
                )
            order by o.requested_at
            limit 2
            for update skip locked
        );
        return null;
    end if;

    select r.* into strict v_earlier
    from trustcart_private.call_requests as r
    where r.request_id = p_request_id;
    if (v_earlier.operation, v_earlier.arguments) is distinct from (p_operation, v_arguments) then
        raise exception using
            errcode = 'TC106',
            message = format('request id %L was used for another request, of %s', p_request_id, v_earlier.operation),
            hint = 'Repeat a request with its own arguments, or give a new one a new id.';
    end if;
    -- Who guesses another's request learns nothing of its task.
    perform trustcart_private.check_task_access(t)
    from trustcart.crm_call_tasks as t
    where t.id = v_earlier.task_id;
    return v_earlier;
end;
$$;
comment on function trustcart_private.begin_request(text, text, jsonb, bigint) is
'Notes a request by its idempotency key. Null: it is new, or has no key, and is to be carried out. A row: it was
carried out before, with this task or result, and nothing is left to do. A request that fails leaves no trace, for it
is noted in its own transaction. The moment of a request is not one of its arguments. Requests are remembered for seven
days at least. TC005 for the key, TC106 when it was another''s, TC403 when its task is not an
agent''s.';

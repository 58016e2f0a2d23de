-- requires: instant_of_caller, check_access, number_to_dial, phone_key, e164_of, shown_phone

create or replace function trustcart.flag_wrong_number(
    p_customer_id bigint,
    p_task_id bigint default null,
    p_at timestamptz default now()
)
returns text
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_customer_id bigint := trustcart.check_access(p_customer_id);
    v_phone text := trustcart_private.number_to_dial(v_customer_id);
    v_task_customer_id bigint;
begin
    if p_task_id is not null then
        select t.customer_id into v_task_customer_id from trustcart.crm_call_tasks as t where t.id = p_task_id;
        if not found then
            raise exception using
                errcode = 'TC004',
                message = format('there is no call task %s', p_task_id),
                hint = 'Take the id from the call list.';
        elsif v_task_customer_id <> v_customer_id then
            raise exception using
                errcode = 'TC005',
                message = format('call task %s is not of customer %s', p_task_id, v_customer_id),
                hint = 'Take the id from the list of that customer''s calls.';
        end if;
    end if;
    -- Of two sessions that report one call, the second waits here and finds the number flagged.
    insert into trustcart.customer_phone_flags (customer_id, phone, flagged_at, task_id)
    select
        v_customer_id,
        trustcart_private.phone_key(v_phone, trustcart_private.e164_of(v_phone)),
        trustcart_private.instant_of_caller(p_at),
        p_task_id
    where v_phone is not null
    on conflict (customer_id, phone) where cleared_at is null do nothing;
    return trustcart.shown_phone(v_phone);
end;
$$;
comment on function trustcart.flag_wrong_number(bigint, bigint, timestamptz) is
'Flags the number at which agents call a customer as wrong: phone, and once that is flagged, mobile. Returns it as
typed; null, and nothing is flagged, when no number is left. p_task_id is the call that found it out. TC003 without a
customer, TC004 no such customer or task, TC005 a task of another customer.';

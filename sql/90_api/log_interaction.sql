-- requires: to_business_date, business_date

create or replace function trustcart_api.log_interaction(
    p_customer_id bigint,
    p_interaction_type text,
    p_direction text default null,
    p_subject text default null,
    p_details text default null,
    p_outcome text default null,
    p_agent_id bigint default null,
    p_follow_up_date text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_direction text := coalesce(nullif(lower(btrim(p_direction)), ''), 'outbound');
    v_type text := nullif(lower(btrim(p_interaction_type)), '');
    v_follow_up_date date := trustcart.to_business_date(p_follow_up_date);
    v_interaction jsonb;
begin
    if p_customer_id is null or v_type is null then
        raise exception using
            errcode = 'TC003',
            message = case when p_customer_id is null then 'customerId' else 'interactionType' end || ' is required',
            hint = 'An interaction needs customerId and interactionType.',
            column = case when p_customer_id is null then 'customerId' else 'interactionType' end;
    elsif v_type not in ('call', 'whatsapp', 'sms', 'email', 'visit') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a type of interaction', p_interaction_type),
            hint = 'Known are call, whatsapp, sms, email, visit.',
            column = 'interactionType';
    elsif v_direction not in ('inbound', 'outbound') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a direction', p_direction),
            hint = 'Known are inbound and outbound.',
            column = 'direction';
    elsif v_follow_up_date < trustcart.business_date() then
        raise exception using
            errcode = 'TC204',
            message = format('followUpDate %s is past', v_follow_up_date),
            hint = 'Give today or a later date.',
            column = 'followUpDate';
    end if;
    perform trustcart.check_access(p_customer_id);
    -- Held against a deletion until we are done.
    perform from trustcart.customers as c where c.id = p_customer_id for key share;
    perform trustcart.check_agent_access(p_agent_id);
    if p_agent_id is not null then
        perform from trustcart.users as u where u.id = p_agent_id for key share;
        if not found then
            raise exception using
                errcode = 'TC004',
                message = format('there is no user %s', p_agent_id),
                hint = 'Take the id from trustcart.users.';
        end if;
    end if;

    insert into trustcart.customer_interactions as i (
        customer_id, interaction_type, direction, subject, details, outcome, agent_id, follow_up_date
    )
    values (
        p_customer_id,
        v_type,
        v_direction,
        nullif(btrim(p_subject), ''),
        nullif(btrim(p_details), ''),
        nullif(btrim(p_outcome), ''),
        coalesce(p_agent_id, trustcart.current_user_id()),
        v_follow_up_date
    )
    returning
        jsonb_build_object(
            'id', i.id,
            'customer_id', i.customer_id,
            'interaction_type', i.interaction_type,
            'direction', i.direction,
            'subject', i.subject,
            'details', i.details,
            'outcome', i.outcome,
            'agent_id', i.agent_id,
            'agent_name', (select u.name from trustcart.users as u where u.id = i.agent_id),
            'interaction_date', to_char(i.interaction_date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'follow_up_date', i.follow_up_date
        )
    into v_interaction;
    return v_interaction;
end;
$$;
comment on function trustcart_api.log_interaction(bigint, text, text, text, text, text, bigint, text) is
'POST /cdm/interaction: writes a contact with a customer, now, and returns it with its id. direction is outbound unless
given, the agent whoever is asking. TC001 date, TC002 type or direction, TC003 without customerId or interactionType, TC004 unknown customer or
user, TC204 for a followUpDate that is past, TC403 for an agent who is not the customer''s, or writes for another.';

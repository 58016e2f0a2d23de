-- requires: check_access

create or replace function trustcart.record_consent(
    p_customer_id bigint,
    p_channel text,
    p_granted boolean,
    p_source text default null,
    p_recorded_by bigint default null,
    p_recorded_at timestamptz default now()
)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_customer_id bigint := trustcart.check_access(p_customer_id);
    v_recorded_by bigint := coalesce(p_recorded_by, trustcart.current_user_id());
    v_channel text := lower(btrim(p_channel));
    v_recorded_at timestamptz := coalesce(p_recorded_at, now());
    v_id bigint;
begin
    perform trustcart.check_agent_access(p_recorded_by);
    if nullif(v_channel, '') is null or p_granted is null then
        raise exception using
            errcode = 'TC003',
            message = format('%s is required', case when p_granted is null then 'granted' else 'channel' end),
            hint = 'Say what the consent is for, and whether it was given (true) or refused (false).';
    elsif v_channel not in ('call', 'sms', 'whatsapp', 'email', 'push') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a channel', p_channel),
            hint = 'Known are call, sms, whatsapp, email, push.';
    elsif v_recorded_at > clock_timestamp() or v_recorded_at < '1900-01-01 00:00+00' then
        raise exception using
            errcode = 'TC005',
            message = format('recorded_at %s is %s', v_recorded_at,
                case when v_recorded_at > clock_timestamp() then 'in the future' else 'out of any shop''s lifetime' end),
            hint = 'Give the instant at which the customer said so, or none for now.';
    elsif p_recorded_by is not null
        and not exists (select from trustcart.users as u where u.id = p_recorded_by) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no user %s', p_recorded_by),
            hint = 'Take the id from trustcart.users.';
    end if;
    insert into trustcart.customer_consents (customer_id, channel, granted, recorded_at, recorded_by, source)
    values (v_customer_id, v_channel, p_granted, v_recorded_at, v_recorded_by, nullif(btrim(p_source), ''))
    returning id into v_id;
    return v_id;
end;
$$;
comment on function trustcart.record_consent(bigint, text, boolean, text, bigint, timestamptz) is
'Records that a customer allowed (p_granted true) or forbade a channel: call, sms, whatsapp, email or push; returns the
id of the row. The latest of a channel by recorded_at holds, so one of the past may be entered late. Forbidding calls
cancels those not begun yet, as a plain insert does. TC002 channel, TC003 missing, TC004 no such customer or user, TC005
recorded_at in the future.';

create or replace function trustcart_api.log_engagement(
    p_customer_id bigint,
    p_engagement_type text,
    p_channel text default null,
    p_content text default null,
    p_response text default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type text := nullif(lower(btrim(p_engagement_type)), '');
    v_channel text := nullif(lower(btrim(p_channel)), '');
    v_response text := nullif(lower(btrim(p_response)), '');
    v_engagement jsonb;
begin
    if p_customer_id is null or v_type is null then
        raise exception using
            errcode = 'TC003',
            message = case when p_customer_id is null then 'customerId' else 'engagementType' end || ' is required',
            hint = 'An engagement needs customerId and engagementType.',
            column = case when p_customer_id is null then 'customerId' else 'engagementType' end;
    elsif v_type !~ '^[a-z][a-z0-9_]*$' or v_channel !~ '^[a-z][a-z0-9_]*$' then
        raise exception using
            errcode = 'TC005',
            message = format(
                '%s %L is not a word',
                case when v_type ~ '^[a-z][a-z0-9_]*$' then 'channel' else 'engagementType' end,
                case when v_type ~ '^[a-z][a-z0-9_]*$' then p_channel else p_engagement_type end
            ),
            hint = 'Write it as offer_sent: letters, digits and underscores.',
            column = case when v_type ~ '^[a-z][a-z0-9_]*$' then 'channel' else 'engagementType' end;
    elsif v_response not in ('positive', 'negative', 'no_response') then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a response', p_response),
            hint = 'Known are positive, negative, no_response.',
            column = 'response';
    end if;
    perform trustcart.check_access(p_customer_id);
    -- Held against a deletion until we are done.
    perform from trustcart.customers as c where c.id = p_customer_id for key share;

    insert into trustcart.customer_engagement_history as e (
        customer_id, engagement_type, channel, content, response, recorded_by
    )
    values (
        p_customer_id, v_type, v_channel, nullif(btrim(p_content), ''), v_response, trustcart.current_user_id()
    )
    returning
        jsonb_build_object(
            'id', e.id,
            'customer_id', e.customer_id,
            'engagement_type', e.engagement_type,
            'channel', e.channel,
            'content', e.content,
            'response', e.response,
            'created_at', to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        )
    into v_engagement;
    return v_engagement;
end;
$$;
comment on function trustcart_api.log_engagement(bigint, text, text, text, text) is
'POST /crm-automation/engagement: writes an engagement with a customer, now, and returns it with its id. It counts
towards no cap and no cadence: contacts are interactions, call attempts and campaign messages, so an offer made by hand
is logged as an interaction as well. TC002 response, TC003 without customerId or engagementType, TC004 unknown customer,
TC005 type or channel that is no word, TC403 not an agent''s customer.';

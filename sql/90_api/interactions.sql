create or replace function trustcart_api.interactions(p_customer_id bigint, p_limit integer default 20)
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := coalesce(p_limit, 20);
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customerId is required',
            hint = 'Give the id of a customer.';
    elsif v_limit not between 1 and 1000 then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of range', p_limit),
            hint = 'Give 1 to 1000.';
    end if;
    perform trustcart.check_access(p_customer_id);
    return (
        select
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'id', i.id,
                        'customer_id', i.customer_id,
                        'interaction_type', i.interaction_type,
                        'direction', i.direction,
                        'subject', i.subject,
                        'details', i.details,
                        'outcome', i.outcome,
                        'agent_id', i.agent_id,
                        'agent_name', trustcart.user_name(i.agent_id),
                        'interaction_date', to_char(
                            i.interaction_date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
                        ),
                        'follow_up_date', i.follow_up_date
                    )
                    order by i.interaction_date desc, i.id desc
                ),
                '[]'
            )
        from (
            select n.*
            from trustcart.customer_interactions as n
            where n.customer_id = p_customer_id
            order by n.interaction_date desc, n.id desc
            limit v_limit
        ) as i
    );
end;
$$;
comment on function trustcart_api.interactions(bigint, integer) is
'GET /cdm/interactions/:customerId: the latest contacts with a customer, newest first, as an array. TC003 without an id,
TC004 for an unknown one, TC005 for a limit out of 1 to 1000, TC403 not an agent''s customer.';

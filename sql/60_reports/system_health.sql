-- requires: check_customer_state, normalize_phone, business_date, report_jobs, stalled_messages

create or replace function trustcart.system_health(p_as_of date default trustcart.business_date())
returns table (
    metric text,
    value bigint,
    is_wrong boolean
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
begin
    return query
    select
        'Total Customers',
        count(*),
        false
    from trustcart.customers as c;

    return query
    select
        'Active Tasks Today',
        count(*),
        false
    from trustcart.crm_call_tasks as t
    where t.task_date = v_as_of and t.status = 'pending';

    return query
    select
        'At-Risk Customers',
        count(*),
        false
    from trustcart.customer_dropoff_tracking as d
    where d.risk_level in ('high', 'critical') and d.closed_on is null;

    return query
    select
        'Customers Whose State Is Wrong',
        count(*),
        count(*) > 0
    from trustcart.check_customer_state() as w;

    return query
    select
        'Unreadable Phone Numbers',
        (
            select count(*)
            from trustcart.customers as c
            where c.phone is not null and c.phone_e164 is null
        )
        + (
            select count(*)
            from trustcart.customers as c
            where c.mobile is not null and c.mobile_e164 is null
        )
        + (
            select count(*)
            from trustcart.customer_family_members as f
            where f.phone is not null and f.phone_e164 is null
        ),
        false;

    return query
    select
        'Jobs That Never Ran',
        count(*),
        false
    from trustcart.report_jobs() as j
    where j.is_enabled and j.last_status is null;

    return query
    select
        'Overdue Jobs',
        count(*),
        count(*) > 0
    from trustcart.report_jobs() as j
    where j.is_overdue;

    return query
    select
        'Campaigns Whose Counters Are Wrong',
        count(*),
        count(*) > 0
    from trustcart.marketing_campaigns as c
    left join (
        select
            m.campaign_id,
            count(m.sent_at) as sent,
            count(m.responded_at) as responded
        from trustcart.campaign_messages as m
        group by m.campaign_id
    ) as n on c.id = n.campaign_id
    where (c.sent_count, c.response_count) <> (coalesce(n.sent, 0), coalesce(n.responded, 0));

    return query
    select
        'Messages That Failed This Week',
        count(*),
        false
    from trustcart.campaign_messages as m
    where m.status = 'failed' and m.closed_at > now() - interval '7 days';

    return query
    select
        'Messages Nobody Delivers',
        coalesce(sum(m.messages), 0)::bigint,
        count(*) > 0
    from trustcart_private.stalled_messages() as m;
end;
$$;
comment on function trustcart.system_health(date) is
'The state of the installation in numbers: the guide''s three (At-Risk Customers counts open episodes) and what keeps
the others true. Of campaigns only the two counters are counted again, check_campaigns() takes as long as all the rest;
nobody delivers what is due since an hour on a channel by which nothing went out meanwhile. is_wrong says what somebody
has to look into. Guide, "Monitoring". Errors: TC001.';

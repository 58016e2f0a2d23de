-- requires: require_date, business_date, campaign_figures

create or replace function trustcart.report_campaigns(p_date date default trustcart.business_date())
returns table (
    campaign_name text,
    channel text,
    sent bigint,
    delivered bigint,
    opened bigint,
    responded bigint,
    bounced bigint,
    unsubscribed bigint,
    converted bigint,
    orders bigint,
    revenue numeric,
    response_rate numeric,
    conversion_rate numeric,
    campaign_id bigint
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_from date := date_trunc('month', trustcart_private.require_date(p_date)::timestamp)::date;
    v_to date := (v_from + interval '1 month')::date - 1;
begin
    return query
    select
        k.campaign_name,
        k.campaign_type,
        f.sent,
        f.delivered,
        f.opened,
        f.responded,
        f.bounced,
        f.unsubscribed,
        f.converted,
        f.orders,
        f.revenue,
        round(f.responded * 100.0 / nullif(f.sent, 0), 2),
        round(f.converted * 100.0 / nullif(f.sent, 0), 2),
        k.id
    from trustcart_private.campaign_figures(v_from, v_to) as f
    inner join trustcart.marketing_campaigns as k on f.campaign_id = k.id
    order by f.revenue desc, f.sent desc, k.id;
end;
$$;
comment on function trustcart.report_campaigns(date) is
'The campaigns with messages sent, or orders attributed, in the calendar month that a date is in (guide: "Analyze
campaign performance"): what became of the messages sent in it, up to now, and the orders of its days, in taka. An order
of one month may follow from a message of the month before; converted are customers. Rates in percent of sent, null when
none was. campaign_performance has campaigns as a whole, against their holdout. Errors: TC001.';

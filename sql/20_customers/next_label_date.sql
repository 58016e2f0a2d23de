create or replace function trustcart_private.next_label_date(
    p_last_order_date date, p_as_of date, p_settings trustcart.settings
)
returns date
language sql immutable parallel safe
security invoker
begin atomic
select p_last_order_date + least(
    case
        when p_as_of - p_last_order_date <= (p_settings).hot_within_days then (p_settings).hot_within_days + 1
        when p_as_of - p_last_order_date <= (p_settings).warm_within_days then (p_settings).warm_within_days + 1
    end,
    case
        when p_as_of - p_last_order_date < (p_settings).at_risk_from_days then (p_settings).at_risk_from_days
        when p_as_of - p_last_order_date <= (p_settings).churned_after_days then (p_settings).churned_after_days + 1
    end,
    case when p_as_of - p_last_order_date < (p_settings).inactive_from_days then (p_settings).inactive_from_days end
) as next_label_date;
end;

comment on function trustcart_private.next_label_date(date, date, trustcart.settings) is
'The first date after p_as_of on which the passing of days changes a label; null when none is left.';

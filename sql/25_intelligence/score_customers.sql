-- requires: order_prospects

create or replace function trustcart_private.score_customers(
    p_model trustcart.customer_models, p_as_of date, p_customer_ids bigint[]
)
returns setof trustcart.customer_scores
language sql stable parallel safe
security invoker
rows 100000
begin atomic
select
    h.customer_id,
    (p_model).id as model_id,
    h.repeat_orders,
    h.first_order_date,
    h.last_order_date,
    h.mean_value::numeric(14, 2) as mean_value,
    h.p_alive,
    h.expected_orders as expected_orders_90_days,
    least(h.expected_value, 999999999999)::numeric(14, 2) as expected_value_90_days,
    p_as_of as scored_on,
    -- The day on which p_alive has fallen by the step follows from its formula; age counts by its twentieth, no less
    -- than a week.
    p_as_of + greatest(
        1,
        least(
            greatest(7, h.age / 20),
            case
                when h.repeat_orders > 0 and h.p_alive > x.step
                    then ceil(least(
                        7 * (
                            ((p_model).alpha + h.recency / 7.0)
                            * exp(
                                ln(
                                    (1 / (h.p_alive - x.step) - 1)
                                    * ((p_model).b + h.repeat_orders - 1) / (p_model).a
                                )
                                / ((p_model).r + h.repeat_orders)
                            )
                            - (p_model).alpha
                        ) - h.age,
                        100000
                    ))::integer
            end
        )
    ) as valid_until
from (
    select
        p.*,
        p_as_of - p.first_order_date as age,
        p.last_order_date - p.first_order_date as recency
    from trustcart_private.order_prospects(p_model, p_as_of, 90, p_as_of, p_customer_ids) as p
) as h
cross join (select 0.02::double precision as step) as x;
end;
comment on function trustcart_private.score_customers(trustcart.customer_models, date, bigint[]) is
'The scores as of a date of these customers (null: of all), from their counted orders up to it; none for one without
any. Rows as customer_scores has them.';

create or replace function trustcart_api.recommendations(p_customer_id bigint, p_limit integer default 10)
returns jsonb
language plpgsql stable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_customer_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'customerId is required',
            hint = 'Give the id of a customer.';
    end if;
    return (
        select
            coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'product_id', r.product_id,
                        'product_name', r.product_name,
                        'recommended_price', trim_scale(r.recommended_price),
                        'discount_percentage', trim_scale(r.discount_percentage),
                        'reason', r.reason,
                        'list_price', trim_scale(r.list_price),
                        'source', r.source,
                        'score', r.score,
                        'evidence', r.evidence
                    )
                    order by r.position
                ),
                '[]'
            )
        from trustcart.get_product_recommendations(p_customer_id, p_limit) with ordinality
            as r (
                product_id, product_name, recommended_price, discount_percentage, reason, score, source, evidence,
                list_price, position
            )
    );
end;
$$;
comment on function trustcart_api.recommendations(bigint, integer) is
'GET /crm-automation/recommendations/:customerId: what get_product_recommendations() recommends, as an array, best
first; recommended_price is the price after the discount. TC003 without an id, TC004 for an unknown one, TC005 for a
limit beyond 1 to 100.';

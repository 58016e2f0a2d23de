-- requires: page_frame

create or replace function trustcart_api.page_automation_rules(p_before bigint default null, p_limit integer default 50)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_frame jsonb := trustcart_api.page_frame();
    v_ids bigint[];
begin
    if (p_limit between 1 and 100) is not true then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of bounds', coalesce(p_limit::text, 'null')),
            hint = 'Give 1 to 100.';
    end if;
    v_ids := array(
        select r.id
        from trustcart.product_recommendation_rules as r
        where p_before is null or r.id < p_before
        order by r.id desc
        limit p_limit + 1
    );
    return jsonb_build_object(
        'frame', v_frame,
        'before', p_before,
        'next_before', case when cardinality(v_ids) > p_limit then v_ids[p_limit] end,
        'rules', coalesce(
            (
                select
                    jsonb_agg(
                        jsonb_build_object(
                            'id', r.id,
                            'rule_name', r.rule_name,
                            'product_id', r.product_id,
                            'product_name', p.name,
                            'price', trim_scale(p.price),
                            'target_category', r.target_category,
                            'target_customer_type', r.target_customer_type,
                            'discount_percentage', trim_scale(r.discount_percentage),
                            'is_active', r.is_active,
                            -- Such a product is never recommended, whatever the rule says.
                            'is_product_gone', not p.is_active or coalesce(p.stock_quantity <= 0, false)
                        )
                        order by r.id desc
                    )
                from trustcart.product_recommendation_rules as r
                inner join trustcart.products as p on r.product_id = p.id
                where r.id = any(v_ids[:p_limit])
            ),
            '[]'
        )
    );
end;
$$;
comment on function trustcart_api.page_automation_rules(bigint, integer) is
'The recommendation rules, the latest first, with their products; is_product_gone: it is inactive or out of stock, so it
is not recommended. p_before: those with a smaller id, as next_before of the page before says, null on the last. Managers
alone. TC005 for a limit out of 1 to 100.';

-- requires: page_frame

create or replace function trustcart_api.page_automation_rule(
    p_rule_id bigint default null, p_product_search text default null
)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_frame jsonb := trustcart_api.page_frame();
    v_search text := lower(btrim(coalesce(p_product_search, '')));
    v_rule jsonb;
begin
    if p_rule_id is not null then
        select to_jsonb(r) || jsonb_build_object('discount_percentage', trim_scale(r.discount_percentage))
        into v_rule
        from trustcart.product_recommendation_rules as r
        where r.id = p_rule_id;
        if v_rule is null then
            raise exception using
                errcode = 'TC004',
                message = format('there is no recommendation rule %s', p_rule_id),
                hint = 'Take the id from trustcart.product_recommendation_rules.';
        end if;
    end if;
    return jsonb_build_object(
        'frame', v_frame,
        'rule', v_rule,
        'product_search', p_product_search,
        'categories', coalesce(
            (
                select jsonb_agg(x.name order by x.name)
                from (select distinct btrim(g.name) as name from trustcart.categories as g order by 1 limit 1000) as x
            ),
            '[]'
        ),
        'products', coalesce(
            (
                select
                    jsonb_agg(
                        jsonb_build_object('id', x.id, 'name', x.name, 'sku', x.sku, 'price', trim_scale(x.price))
                        order by x.is_chosen desc, x.name, x.id
                    )
                from (
                    select
                        p.*,
                        p.id = coalesce((v_rule ->> 'product_id')::bigint, 0) as is_chosen
                    from trustcart.products as p
                    where
                        p.id = (v_rule ->> 'product_id')::bigint
                        or p.is_active
                        and (
                            v_search = ''
                            or position(v_search in lower(p.name)) > 0
                            or lower(p.sku) = v_search
                            or p.id::text = v_search
                        )
                    order by is_chosen desc, p.name, p.id
                    limit 25
                ) as x
            ),
            '[]'
        )
    );
end;
$$;
comment on function trustcart_api.page_automation_rule(bigint, text) is
'The form of a recommendation rule: rule, the row or null for a new one; categories by name; products to choose from:
the rule''s own, then the first active ones by name in which p_product_search occurs, or whose SKU or id it is, 25 at most.
Managers alone. TC004 for an unknown rule.';

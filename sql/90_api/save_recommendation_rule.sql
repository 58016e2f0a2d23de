-- requires: refuse_by_constraint

create or replace function trustcart_api.save_recommendation_rule(
    p_rule_id bigint default null,
    p_product_id bigint default null,
    p_rule_name text default null,
    p_target_category text default null,
    p_target_customer_type text default null,
    p_discount_percentage numeric default null,
    p_is_active boolean default null
)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rule trustcart.product_recommendation_rules;
    v_category text;
    v_constraint text;
    v_column text;
begin
    if p_product_id is null then
        raise exception using
            errcode = 'TC003',
            message = 'productId is required',
            hint = 'Say which product the rule offers.';
    elsif not exists (select from trustcart.products as p where p.id = p_product_id) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no product %s', p_product_id),
            hint = 'Take the id from trustcart.products.';
    elsif p_rule_id is not null and not exists (
        select from trustcart.product_recommendation_rules as r where r.id = p_rule_id
    ) then
        raise exception using
            errcode = 'TC004',
            message = format('there is no recommendation rule %s', p_rule_id),
            hint = 'Take the id from trustcart.product_recommendation_rules.';
    elsif length(p_rule_name) > 200 then
        raise exception using
            errcode = 'TC005',
            message = 'ruleName has more than 200 characters',
            hint = 'Agents read it as the reason of a recommendation: a few words.';
    elsif not p_discount_percentage between 0 and 100 then
        -- The column would round, or overflow, before its constraint is asked.
        perform trustcart_private.refuse_by_constraint('product_recommendation_rules_discount_sane', null);
    elsif nullif(btrim(p_target_category), '') is not null then
        -- A category that nobody can have bought of would be a rule that never applies.
        select g.name into v_category
        from trustcart.categories as g
        where lower(btrim(g.name)) = lower(btrim(p_target_category))
        order by g.id
        limit 1;
        if v_category is null then
            raise exception using
                errcode = 'TC002',
                message = format('there is no category %L', left(btrim(p_target_category), 100)),
                hint = 'Take a name of trustcart.categories.';
        end if;
    end if;

    begin
        if p_rule_id is null then
            insert into trustcart.product_recommendation_rules (
                rule_name, product_id, target_category, target_customer_type, discount_percentage, is_active
            )
            values (
                nullif(btrim(p_rule_name), ''),
                p_product_id,
                v_category,
                nullif(lower(btrim(p_target_customer_type)), ''),
                p_discount_percentage,
                coalesce(p_is_active, true)
            )
            returning * into v_rule;
        else
            update trustcart.product_recommendation_rules as r
            set
                rule_name = nullif(btrim(p_rule_name), ''),
                product_id = p_product_id,
                target_category = v_category,
                target_customer_type = nullif(lower(btrim(p_target_customer_type)), ''),
                discount_percentage = p_discount_percentage,
                is_active = coalesce(p_is_active, r.is_active)
            where r.id = p_rule_id
            returning r.* into v_rule;
        end if;
    exception when check_violation or not_null_violation then
        get stacked diagnostics v_constraint = constraint_name, v_column = column_name;
        perform trustcart_private.refuse_by_constraint(v_constraint, v_column);
    end;
    return to_jsonb(v_rule);
end;
$$;
comment on function trustcart_api.save_recommendation_rule(bigint, bigint, text, text, text, numeric, boolean) is
'Makes a recommendation rule, or with p_rule_id replaces all of that one but is_active where that is not given, and
returns the row. Recommendations follow it at once. Managers alone. TC002 for an unknown targetCategory, TC003 without
productId, TC004 for an unknown rule or product, TC005 for what the table refuses.';

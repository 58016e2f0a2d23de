create or replace function trustcart_api.switch_recommendation_rule(p_rule_id bigint, p_is_active boolean)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rule trustcart.product_recommendation_rules;
begin
    if p_rule_id is null or p_is_active is null then
        raise exception using
            errcode = 'TC003',
            message = case when p_rule_id is null then 'ruleId' else 'isActive' end || ' is required',
            hint = 'Give the id of the rule, and true or false.';
    end if;
    update trustcart.product_recommendation_rules as r
    set is_active = p_is_active
    where r.id = p_rule_id
    returning r.* into v_rule;
    if v_rule.id is null then
        raise exception using
            errcode = 'TC004',
            message = format('there is no recommendation rule %s', p_rule_id),
            hint = 'Take the id from trustcart.product_recommendation_rules.';
    end if;
    return to_jsonb(v_rule);
end;
$$;
comment on function trustcart_api.switch_recommendation_rule(bigint, boolean) is
'Switches a recommendation rule on or off and returns the row. Managers alone. TC003 without ruleId or isActive, TC004
for an unknown rule.';

create or replace function trustcart_private.refuse_by_constraint(p_constraint text, p_column text)
returns void
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_sentence text := case p_constraint
        when 'call_task_types_base_priority_known' then 'basePriority is hot, warm or cold, or empty'
        when 'call_task_types_cadence_sane'
            then 'windowDays, minGapDays and winBackGapDays are from 0 to 3650; '
            'maxCalls, maxCallsVip and winBackMaxCalls from 0 to 1000'
        when 'call_task_types_carry_days_sane' then 'carryDays is from 0 to 3650'
        when 'call_task_types_required_skill_word' then 'requiredSkill is one word of small letters, digits and _'
        when 'settings_contacts_per_week_positive' then 'contactsPerWeek is from 1 to 1000'
        when 'settings_calls_per_agent_day_positive' then 'callsPerAgentDay is from 1 to 100000'
        when 'settings_quiet_hours_complete' then 'quietFrom and quietUntil are two different hours, or both empty'
        when 'settings_claim_timeout_positive' then 'claimTimeoutMinutes is more than 0'
        when 'settings_undo_within_positive' then 'undoWithinMinutes is 0 or more'
        when 'settings_call_order_known' then 'callOrder is value or bands'
        when 'settings_call_holdout_share_sane' then 'callHoldoutShare is from 0 to 0.5'
        when 'settings_working_days_known' then 'workingDays are from 1 (Monday) to 7 (Sunday), at least one'
        when 'product_recommendation_rules_name_given' then 'ruleName is not blank'
        when 'product_recommendation_rules_customer_type_known'
            then 'targetCustomerType is new, repeat, vip or inactive, or empty'
        when 'product_recommendation_rules_discount_sane' then 'discountPercentage is from 0 to 100'
        when 'product_recommendation_rules_category_given' then 'targetCategory is not blank'
        else 'the constraint ' || p_constraint || ' refuses it'
    end;
begin
    if nullif(p_constraint, '') is null then
        -- Of a value that must be there Postgres names the column instead.
        v_sentence := replace(initcap(replace(p_column, '_', ' ')), ' ', '');
        raise exception using
            errcode = 'TC003',
            message = lower(left(v_sentence, 1)) || substr(v_sentence, 2) || ' is required',
            hint = 'Give it a value.';
    end if;
    raise exception using
        errcode = 'TC005',
        message = v_sentence,
        hint = 'Nothing was changed.';
end;
$$;
comment on function trustcart_private.refuse_by_constraint(text, text) is
'Says in words what a constraint of the tables behind the Automation dashboard keeps: TC005, or TC003 where no
constraint but a column that must not be null refused. The constraints judge; this only words it.';

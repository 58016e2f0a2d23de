create or replace function trustcart_private.audit_treatment(p_table text, p_column text)
returns text
language sql immutable parallel safe
security invoker
return case
    when p_column in ('created_at', 'updated_at') then 'skip'
    when
        case p_table
            when 'customers' then
                p_column in (
                    'phone_e164', 'mobile_e164', 'order_count', 'total_spend', 'first_order_date', 'last_order_date',
                    'next_order_date', 'customer_type', 'lifecycle_stage', 'priority_level', 'family_members_count',
                    'interactions_count', 'state_as_of', 'state_valid_until', 'state_revision'
                )
            when 'customer_family_members' then p_column = 'phone_e164'
            when 'crm_call_tasks' then
                p_column in (
                    'priority_rank', 'successful', 'closed_at', 'list_position', 'before_outcome', 'claimed_by',
                    'claimed_at', 'settled_on'
                )
            when 'delivery_channels' then p_column in ('tokens', 'refilled_at')
            when 'marketing_campaigns' then p_column in ('sent_count', 'response_count')
            when 'products' then p_column = 'stock_quantity'
            else false
        end
        then 'skip'
    when p_column in ('first_name', 'last_name') or (p_table = 'customer_family_members' and p_column = 'name')
        then 'name'
    when p_column in ('date_of_birth', 'anniversary_date') then 'day'
    when p_column = 'outcome' and p_table ~ '^(customer|crm_)' then 'word'
    when
        p_column in (
            'id', 'customer_id', 'is_active', 'gender', 'city', 'district', 'relationship', 'interaction_type',
            'direction', 'interaction_date', 'follow_up_date', 'channel', 'recorded_at', 'source', 'flag', 'flagged_at',
            'cleared_at', 'preferred_from', 'preferred_until', 'time_zone', 'language', 'task_type', 'priority',
            'task_date', 'status', 'due_at', 'started_at', 'completed_at', 'call_from', 'call_until',
            'first_planned_on', 'why_agent', 'order_number', 'order_date', 'ordered_at', 'payment_method',
            'coupon_code', 'name', 'role', 'db_role', 'during', 'erased_at', 'dismissed_at',
            'merged_at', 'undone_at'
        )
        then 'plain'
    when p_column ~ '(passw|secret|token|hash|salt|cipher|encrypted|digest|credential|(^|_)key(_|$)|private)'
        then 'secret'
    when p_column ~ '(phone|mobile|e164|e_?mail)' then 'address'
    when p_table !~ '^(customer|sales_|crm_|user|agent_leave)' then 'plain'
    else 'text'
end;

comment on function trustcart_private.audit_treatment(text, text) is
'The one home of what audit_logs shows of a column: plain; address (a phone or e-mail, by masked_phone()), name (its
first two letters), day (the year), word (an outcome''s first word), text (that there was some) and secret (likewise, of
any table); skip: derived or kept by a trigger, so not written at all. In tables about people a column that is not named
here is text: forgetting one hides too much, never too little.';

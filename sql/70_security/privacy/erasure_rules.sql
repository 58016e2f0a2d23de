create or replace function trustcart_private.erasure_rules()
returns table (table_name text, column_name text, action text, expression text, why text)
language sql immutable parallel safe
security invoker
begin atomic
select
    r.table_name,
    r.column_name,
    r.action,
    r.expression,
    r.why
from (
    values
    -- Whole tables.
    ('customer_family_members', '*', 'delete', null, 'persons of their own, whom no order names'),
    ('customer_contact_preferences', '*', 'delete', null, 'wishes about calls that nobody makes any more'),
    ('customer_phone_flags', '*', 'delete', null, 'each is a number'),
    ('customer_words', '*', 'delete', null, 'the words of the name'),
    ('adopted_guests', '*', 'delete', null, 'each is a number'),
    ('adopted_guest_orders', '*', 'delete', null, 'each is a number'),
    ('call_requests', '*', 'delete', null, 'arguments of calls; who repeats one finds the call closed'),
    ('call_waiting_list', '*', 'delete', null, 'nobody waits to be called'),
    ('call_holdouts', 'task_type', 'keep', null, 'a word of call_task_types'),
    ('dismissed_duplicates', '*', 'delete', null, 'whom the person was like'),
    ('audit_logs', '*', 'audit', null, 'erase_audit_of() empties them and keeps the chain whole'),
    ('customer_erasures', '*', 'keep', null, 'the proof of erasures, without names'),

    ('customers', 'customer_type', 'keep', null, 'counted from the orders, which stay'),
    ('customers', 'lifecycle_stage', 'keep', null, 'counted from the orders, which stay'),
    ('customers', 'priority_level', 'keep', null, 'counted from the orders, which stay'),
    ('customers', 'assigned_agent_id', 'clear', null, 'nobody looks after them'),

    ('sales_orders', 'order_number', 'keep', null, 'the shop''s own number: its books refer to it'),
    ('sales_orders', 'status', 'keep', null, 'a word of order_statuses'),
    (
        'sales_orders', 'payment_method', 'replace',
        'case when t.payment_method is not null and exists (select from trustcart.sales_orders as x '
        'where x.payment_method = t.payment_method and x.customer_id <> all($1)) then t.payment_method end',
        'a word that others pay by as well says nothing of a person; one of their own may'
    ),
    (
        'sales_orders', 'coupon_code', 'replace',
        'case when t.coupon_code is not null and exists (select from trustcart.marketing_campaigns as k '
        'where lower(k.discount_code) = lower(btrim(t.coupon_code))) then t.coupon_code end',
        'the code of a campaign attributes the order to it'
    ),
    (
        'sales_order_items', 'product_name', 'replace',
        'case when t.product_name is null then null '
        'when t.product_name = (select p.name from trustcart.products as p where p.id = t.product_id) '
        'then t.product_name '
        'when exists (select from trustcart.products as p where p.name = t.product_name) then t.product_name '
        'when exists (select from trustcart.sales_order_items as x inner join trustcart.sales_orders as o '
        'on x.order_id = o.id where x.product_name = t.product_name and o.customer_id <> all($1)) '
        'then t.product_name else (select p.name from trustcart.products as p where p.id = t.product_id) end',
        'what the shop sells to all; not what was engraved for one'
    ),

    ('customer_behavior', 'preferred_categories', 'keep', null, 'names of categories, counted from the orders'),
    ('customer_behavior', 'bought_categories', 'keep', null, 'names of categories, counted from the orders'),
    ('customer_behavior', 'peak_order_time', 'keep', null, 'a word for the hour, counted from the orders'),
    (
        'customer_behavior', 'preferred_payment_method', 'replace',
        'case when t.preferred_payment_method is not null and exists (select from trustcart.sales_orders as x '
        'where x.payment_method = t.preferred_payment_method and x.customer_id <> all($1)) '
        'then t.preferred_payment_method end',
        'as sales_orders.payment_method'
    ),
    ('customer_state_changes', 'attribute', 'keep', null, 'a word of ours'),
    ('customer_state_changes', 'from_value', 'keep', null, 'a word of ours'),
    ('customer_state_changes', 'to_value', 'keep', null, 'a word of ours'),
    ('customer_state_changes', 'cause', 'keep', null, 'a word of ours'),
    ('customer_dropoff_tracking', 'risk_level', 'keep', null, 'a word of ours'),
    ('customer_dropoff_tracking', 'close_reason', 'keep', null, 'a word of ours'),
    (
        'customer_dropoff_tracking', 'reason', 'replace',
        'trustcart_private.dropoff_reason_of(t.days_inactive - 1)', 'the threshold in our words, not in somebody''s'
    ),
    ('customer_rfm', 'segment', 'keep', null, 'counted from the orders'),
    ('customer_loyalty', 'tier', 'keep', null, 'counted from the orders'),
    ('loyalty_tier_changes', 'from_tier', 'keep', null, 'counted from the orders'),
    ('loyalty_tier_changes', 'to_tier', 'keep', null, 'counted from the orders'),
    ('loyalty_tier_changes', 'cause', 'keep', null, 'a word of ours'),
    ('loyalty_tiers_reached', 'tier', 'keep', null, 'counted from the orders'),
    ('loyalty_tiers_reached', 'why_no_call', 'replace', 'left(t.why_no_call, 5)', 'the SQLSTATE'),

    ('customer_interactions', 'interaction_type', 'keep', null, 'a word of ours: reports count by it'),
    ('customer_interactions', 'direction', 'keep', null, 'a word of ours'),
    (
        'customer_interactions', 'subject', 'replace',
        'case when t.subject in (select k.task_type from trustcart.call_task_types as k) then t.subject end',
        'the type of the call; else free text'
    ),
    ('customer_interactions', 'details', 'clear', null, 'free text'),
    (
        'customer_interactions', 'outcome', 'replace', 'trustcart_private.known_outcome(t.outcome)',
        'its first word decides, and reports count by it'
    ),
    ('crm_call_tasks', 'task_type', 'keep', null, 'a word of call_task_types'),
    ('crm_call_tasks', 'priority', 'keep', null, 'a word of ours'),
    ('crm_call_tasks', 'status', 'keep', null, 'a word of ours'),
    ('crm_call_tasks', 'source', 'keep', null, 'a word of ours'),
    (
        'crm_call_tasks', 'outcome', 'replace', 'trustcart_private.known_outcome(t.outcome)',
        'its first word decides, and reports count by it'
    ),
    ('crm_call_tasks', 'notes', 'clear', null, 'free text'),
    ('crm_call_tasks', 'close_reason', 'clear', null, 'free text, where an agent skipped the call'),
    (
        'crm_call_tasks', 'reasons', 'replace',
        'coalesce((select jsonb_agg(jsonb_build_object(''task_type'', k.task_type, ''rank'', k.rank) '
        'order by r.place) from jsonb_array_elements(t.reasons) with ordinality as r (fact, place) '
        'inner join trustcart.call_task_types as k on r.fact ->> ''task_type'' = k.task_type), ''[]'')',
        'the types of the reasons, without the names and days in them'
    ),
    (
        'crm_call_attempts', 'outcome', 'replace', 'coalesce(trustcart_private.known_outcome(t.outcome), ''other'')',
        'its first word decides, and reports count by it'
    ),
    ('crm_call_attempts', 'notes', 'clear', null, 'free text'),
    ('crm_call_task_assignments', 'changed_by', 'keep', null, 'a login role of the shop''s'),
    ('crm_call_task_assignments', 'why', 'clear', null, 'free text'),
    ('contact_days', 'channel', 'keep', null, 'a word of ours'),
    ('phone_book', 'kind', 'keep', null, 'goes with the number it stands by'),
    ('customer_event_days', 'kind', 'keep', null, 'goes with the date it stands by'),
    ('simulated_calls', 'task_type', 'keep', null, 'a word of call_task_types, of a backtest that runs'),

    ('customer_consents', 'channel', 'keep', null, 'the bare fact shows that messages were allowed when they went out'),
    ('customer_consents', 'source', 'clear', null, 'free text'),
    ('customer_engagement_history', 'response', 'keep', null, 'a word of ours'),
    (
        'customer_engagement_history', 'engagement_type', 'replace',
        'case when t.engagement_type in (''order_placed'', ''tier_upgrade'', ''message'', ''offer_sent'', '
        '''birthday_message'') then t.engagement_type '
        'when exists (select from trustcart.customer_engagement_history as x '
        'where x.engagement_type = t.engagement_type and x.customer_id <> all($1)) '
        'then t.engagement_type else ''other'' end',
        'a word that others have as well'
    ),
    (
        'customer_engagement_history', 'channel', 'replace',
        'case when t.channel is null then null when t.message_id is not null '
        'or t.channel in (''website'', ''phone'', ''whatsapp'', ''sms'', ''email'', ''push'') then t.channel '
        'when exists (select from trustcart.customer_engagement_history as x where x.channel = t.channel '
        'and x.customer_id <> all($1)) then t.channel end',
        'a word that others have as well'
    ),
    (
        'customer_engagement_history', 'content', 'replace',
        'case when t.content ~ ''^Order #[0-9]+ placed$'' then t.content else (select k.campaign_name '
        'from trustcart.campaign_messages as m inner join trustcart.marketing_campaigns as k on m.campaign_id = k.id '
        'where m.id = t.message_id) end',
        'the order or campaign; else free text'
    ),
    ('events', 'xid', 'keep', null, 'the position of the event'),
    ('events', 'event_type', 'keep', null, 'a word of ours'),
    (
        'events', 'payload', 'replace',
        'coalesce((select jsonb_object_agg(e.key, e.value) from jsonb_each(t.payload) as e where e.key = any(''{'
        'order_id,order_date,total_amount,status,before,from,to,business_date,cause,consent_id,channel,granted,'
        'recorded_at,survivor_id,duplicate_id,merge_id,erased_at}'')), ''{}'')',
        'the facts that our own events consist of, none of them personal; consumers may not have read them yet'
    ),

    ('campaign_messages', 'channel', 'keep', null, 'a word of ours'),
    ('campaign_messages', 'status', 'keep', null, 'a word of ours'),
    ('campaign_messages', 'variant', 'keep', null, 'the campaign''s'),
    ('campaign_messages', 'token', 'keep', null, 'random: the link to unsubscribe goes on working'),
    ('campaign_messages', 'address', 'replace', '''erased:'' || t.id', 'unique, so each its own'),
    (
        'campaign_messages', 'occurrence', 'replace',
        'case when t.occurrence = '''' then '''' else ''erased '' || t.id end', 'a birthday, perhaps of a family member'
    ),
    ('campaign_messages', 'facts', 'clear', null, 'the name and date of the event'),
    ('campaign_messages', 'provider_message_id', 'clear', null, 'the provider knows the number by it'),
    (
        'campaign_messages', 'close_reason', 'replace',
        'case when t.closed_at is not null then coalesce(substring(t.close_reason from '
        '''^(no_consent|no_address|duplicate_address|quiet_period|cap|holdout|expired|erased|merged)\M''), '
        'case when t.status = ''failed'' then ''failed'' else ''other'' end) end',
        'its first word is the rule'
    ),
    ('campaign_exclusions', 'reason', 'keep', null, 'a word of ours'),
    (
        'campaign_exclusions', 'occurrence', 'replace',
        'case when t.occurrence = '''' or t.occurrence like ''erased %'' then t.occurrence '
        'else ''erased '' || gen_random_uuid() end',
        'a birthday, perhaps of a family member'
    ),
    ('campaign_exclusions', 'detail', 'clear', null, 'may name an address'),
    ('campaign_delivery_attempts', 'outcome', 'keep', null, 'a word of ours'),
    (
        'campaign_delivery_attempts', 'provider_status', 'replace',
        'case when t.provider_status ~ ''^([0-9]{1,4}([.][0-9]{1,3})*|receipt)$'' then t.provider_status end', 'a code'
    ),
    ('campaign_delivery_attempts', 'error', 'clear', null, 'free text of the provider'),
    ('campaign_receipts', 'channel', 'keep', null, 'a word of ours'),
    ('campaign_receipts', 'kind', 'keep', null, 'a word of ours'),
    (
        'campaign_receipts', 'provider_event_id', 'replace', '''erased:'' || t.id',
        'the provider knows the person by it; unique, so each its own'
    ),
    ('campaign_receipts', 'provider_message_id', 'clear', null, 'the provider knows the number by it'),
    ('campaign_receipts', 'detail', 'clear', null, 'free text of the provider or the person'),
    ('order_attributions', 'kind', 'keep', null, 'a word of ours'),

    ('customer_merges', 'moved', 'replace', '''{}''', 'there is no way back any more'),
    ('customer_merges', 'overwritten', 'replace', '''{}''', 'names and numbers as they were'),
    ('customer_merges', 'reason', 'clear', null, 'free text')
) as r (table_name, column_name, action, expression, why);
end;

comment on function trustcart_private.erasure_rules() is
'What erase_customer() does with each column of personal_tables() that can hold words, json, bytes, an address or a
calendar_date: keep it; clear it (null); replace it by an expression over the row t and the erased ids $1. column_name
*: the whole row is deleted, kept, or left to the audit. Other columns (numbers, dates, instants, flags) stay without
being named, for they are what the shop counts; a column that is not named here is cleared. why says why.';

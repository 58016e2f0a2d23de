create or replace function trustcart_private.merge_rules()
returns table (table_name text, place integer, is_moved boolean, why text)
language sql immutable parallel safe
security invoker
begin atomic
select
    r.table_name,
    r.place,
    r.is_moved,
    r.why
from (
    values
    ('customers', 0, false, 'the empty fields of the one who goes on are filled from the other'),
    ('customer_contact_preferences', 0, false, 'likewise'),
    ('customer_behavior', 0, false, 'counted from the orders'),
    ('customer_dropoff_tracking', 0, false, 'counted from the orders: the episodes of each stay as withdrawn'),
    ('customer_state_changes', 0, false, 'what each was called, when'),
    ('customer_loyalty', 0, false, 'counted from the orders'),
    ('loyalty_tier_changes', 0, false, 'what each was called, when'),
    ('customer_event_days', 0, false, 'kept by triggers'),
    ('contact_days', 0, false, 'kept by triggers'),
    ('phone_book', 0, false, 'kept by triggers; find_caller() knows who goes on'),
    ('customer_words', 0, false, 'kept by triggers; find_customers() knows who goes on'),
    ('adopted_guests', 0, false, 'whose number it is the source says'),
    ('adopted_guest_orders', 0, false, 'likewise'),
    ('customer_scores', 0, false, 'counted from the orders'),
    ('scores_due', 0, false, 'kept by refresh_customer_behavior()'),
    ('customer_rfm', 0, false, 'counted from the orders'),
    ('call_holdouts', 0, false, 'who was left out, as it was'),
    ('counted_baskets', 0, false, 'kept by refresh_recommendations()'),
    ('events', 0, false, 'what was told stays told'),
    ('audit_logs', 0, false, 'what was done stays on record'),
    ('customer_merges', 0, false, 'the record itself'),
    ('customer_erasures', 0, false, 'nobody erased is merged'),
    ('dismissed_duplicates', 0, false, 'speaks of the two as they were'),
    ('simulated_calls', 0, false, 'a backtest that runs'),
    ('simulated_candidates', 0, false, 'a backtest that runs'),
    ('customer_consents', 1, true, 'the latest by recorded_at holds, whosever it was'),
    ('loyalty_tiers_reached', 2, true, 'before the orders, so that nobody is congratulated twice'),
    ('customer_family_members', 3, true, null),
    ('customer_interactions', 4, true, 'before the calls, which would write them'),
    ('crm_call_attempts', 5, true, 'before the calls, which would write them'),
    ('crm_call_tasks', 6, true, null),
    ('customer_phone_flags', 7, true, null),
    ('call_waiting_list', 8, true, null),
    ('campaign_messages', 9, true, null),
    ('campaign_exclusions', 10, false, 'by merge_customers() itself: who got a message was not left out'),
    ('customer_engagement_history', 11, true, null),
    ('carts', 12, true, null),
    ('sales_orders', 100, true, 'last: with them the state of both is counted afresh')
) as r (table_name, place, is_moved, why);
end;

comment on function trustcart_private.merge_rules() is
'What merge_customers() does with each table that names a customer: its rows go over to the one who goes on, in order of
place, or stay, and why. A table that is not named here goes over, before the orders.';

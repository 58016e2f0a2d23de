-- Row security. Agents see the rows that the policies of sql/70_security/access/policies/ leave them; everybody else is
-- limited by grants alone, which is what each policy <table>_as_granted says: a role of the shop that a DBA has granted
-- a table to works as before.
-- depends: 0013_recommendations

-- Called by migrations, so it lives here, not in sql/.
create or replace function trustcart_private.secure_rows(p_table text)
returns void
language plpgsql volatile parallel unsafe
security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    execute format('drop policy if exists %I on trustcart.%I', p_table || '_as_granted', p_table);
    execute format(
        'create policy %I on trustcart.%I using (not (select pg_has_role(''trustcart_agent'', ''usage'')))',
        p_table || '_as_granted', p_table
    );
    execute format(
        'comment on policy %I on trustcart.%I is ''Whoever is no agent: as granted.''',
        p_table || '_as_granted', p_table
    );
    execute format('alter table trustcart.%I enable row level security', p_table);
end;
$$;
comment on function trustcart_private.secure_rows(text) is
'Enables row security on a table of trustcart: agents see nothing before a policy <table>_agents lets them, others what
they are granted. For migrations that make tables with rows of customers.';

select trustcart_private.secure_rows(t.name)
from unnest(
    array[
        'agent_days', 'agent_languages', 'agent_leave', 'agent_skills', 'agent_working_hours',
        'call_waiting_list', 'campaign_delivery_attempts', 'campaign_exclusions', 'campaign_messages',
        'campaign_receipts', 'carts', 'crm_call_attempts', 'crm_call_task_assignments', 'crm_call_tasks',
        'customer_behavior', 'customer_consents', 'customer_contact_preferences', 'customer_dropoff_tracking',
        'customer_engagement_history', 'customer_event_days', 'customer_family_members',
        'customer_interactions', 'customer_loyalty', 'customer_phone_flags', 'customer_state_changes',
        'customers', 'events', 'loyalty_tier_changes', 'loyalty_tiers_reached', 'order_attributions',
        'sales_order_items', 'sales_orders', 'users'
    ]
) as t (name);

-- Of an agent's tasks those that open a customer to the agent: the open ones and the lately finished, not all of years.
create index if not exists crm_call_tasks_access_idx
on trustcart.crm_call_tasks (assigned_agent_id, closed_at) include (customer_id)
where assigned_agent_id is not null;

-- Who logged an engagement by hand; those that orders, tiers and campaigns write have none.
alter table trustcart.customer_engagement_history add column if not exists recorded_by bigint;
alter table trustcart.customer_engagement_history
drop constraint if exists customer_engagement_history_recorded_by_fkey;
alter table trustcart.customer_engagement_history
add constraint customer_engagement_history_recorded_by_fkey foreign key (recorded_by)
references trustcart.users (id) on delete set null;
create index if not exists customer_engagement_history_recorded_by_idx
on trustcart.customer_engagement_history (recorded_by) where recorded_by is not null;
comment on column trustcart.customer_engagement_history.recorded_by is
'The user who logged it; null: the database itself, or nobody that we know.';

-- Of the functions that earlier migrations made, the one with a path: pg_temp, where it is not named, comes first.
do $$
begin
    execute 'alter function trustcart_private.is_time_zone(text) set search_path = pg_catalog, pg_temp';
end;
$$;

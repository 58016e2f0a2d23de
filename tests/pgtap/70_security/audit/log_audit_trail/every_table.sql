-- Every table of the contract is audited, or stands here with the reason why it is not: a new one must decide.
begin;
select plan(5);

create temporary table not_audited (name text primary key, why text not null);
insert into not_audited (name, why) values
('agent_days', 'derived: counts of calls'),
('audit_checkpoints', 'the audit itself'),
('audit_logs', 'the audit itself'),
('audit_seals', 'the audit itself'),
('call_waiting_list', 'ledger: who waited, kept by the daily job'),
('campaign_delivery_attempts', 'ledger'),
('campaign_exclusions', 'ledger: who was left out, and why'),
('campaign_messages', 'ledger: what was sent'),
('campaign_receipts', 'ledger: what the channels told'),
('carts', 'the shop''s running state'),
('crm_call_attempts', 'ledger: who called when'),
('crm_call_task_assignments', 'ledger: whose a call was'),
('customer_behavior', 'derived'),
('customer_dropoff_tracking', 'derived'),
('call_holdouts', 'ledger'),
('cohort_months', 'derived'),
('customer_engagement_history', 'ledger'),
('customer_event_days', 'derived'),
('customer_loyalty', 'derived'),
('customer_models', 'ledger'),
('customer_rfm', 'derived'),
('customer_scores', 'derived'),
('customer_state_changes', 'ledger'),
('events', 'ledger'),
('job_runs', 'ledger'),
('loyalty_tier_changes', 'ledger'),
('loyalty_tiers_reached', 'ledger'),
('model_reports', 'ledger'),
('order_attributions', 'derived'),
('product_figures', 'derived'),
('product_pairs', 'derived'),
('recommendation_state', 'derived');

create temporary view audited as
select c.oid, c.relname::text as name, e.event
from pg_catalog.pg_class as c
inner join pg_catalog.pg_trigger as t on t.tgrelid = c.oid and not t.tgisinternal
cross join lateral (
    values ('insert', 4), ('delete', 8), ('update', 16), ('truncate', 32)
) as e (event, bit)
where
    t.tgfoid in ('trustcart.log_audit_trail()'::regprocedure, 'trustcart_private.log_audit_rows()'::regprocedure)
    and t.tgtype::integer & e.bit <> 0
    and t.tgenabled <> 'D';

select set_eq(
    $$ select c.relname::text from pg_catalog.pg_class as c
    where c.relnamespace = 'trustcart'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname not in (select a.name from audited as a) $$,
    'select n.name from not_audited as n',
    'all but these'
);
select set_eq(
    $$ select a.name, v.event from (select distinct name from audited) as a
    cross join (values ('insert'), ('update'), ('delete'), ('truncate')) as v (event)
    except select a.name, a.event from audited as a $$,
    $$ values
    ('customer_consents', 'update'), ('customer_consents', 'delete'), ('customer_consents', 'truncate'),
    ('sales_orders', 'insert'), ('sales_order_items', 'insert') $$,
    'whatever happens to a row, but what is refused there, and new orders: the event feed has them'
);
select is_empty(
    'select a.name, a.event from audited as a group by a.name, a.event having count(*) > 1', 'and once'
);
select is_empty(
    $$ select k.conrelid::regclass from pg_catalog.pg_constraint as k
    where k.conrelid in ('trustcart.audit_logs'::regclass, 'trustcart.audit_seals'::regclass) and k.contype = 'f' $$,
    'the audit refers to nothing that could take it along'
);
-- By columns, so that an order's update of its customer does not come by.
select is_empty(
    $$ select t.tgname from pg_catalog.pg_trigger as t
    where t.tgrelid = 'trustcart.customers'::regclass and t.tgname ~ 'audit' and t.tgtype::integer & 16 <> 0
    and (cardinality(t.tgattr::smallint[]) = 0 or t.tgattr::smallint[] && array(
        select a.attnum from pg_catalog.pg_attribute as a
        where a.attrelid = t.tgrelid and a.attname ~ '^(order_count|total_spend|state_|.*_order_date)'
    )) $$,
    'no audit of customers is called by an order'
);

select * from finish();
rollback;

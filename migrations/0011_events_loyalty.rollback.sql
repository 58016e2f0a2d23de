delete from trustcart.job_runs
where job_name in ('ensure_event_partitions', 'drop_old_events');
delete from trustcart.job_schedules
where job_name in ('ensure_event_partitions', 'drop_old_events');
drop table if exists trustcart.loyalty_tiers_reached;
drop table if exists trustcart.loyalty_tier_changes;
drop table if exists trustcart.customer_loyalty;
drop table if exists trustcart.loyalty_tiers;
drop table if exists trustcart.events;
drop table if exists trustcart.customer_engagement_history;
drop domain if exists trustcart.engagement_response;
drop domain if exists trustcart.word;
alter table if exists trustcart.settings drop column if exists events_keep_months;

drop table if exists trustcart.crm_call_attempts;
alter table if exists trustcart.customer_interactions drop constraint if exists customer_interactions_task_id_fkey;
drop table if exists trustcart.crm_call_tasks;
drop table if exists trustcart.call_task_types;
drop function if exists trustcart_private.is_successful_outcome(text);

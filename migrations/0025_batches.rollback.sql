drop table if exists trustcart_private.batch_positions;
alter table if exists trustcart.job_schedules drop column if exists batch_size;
drop function if exists trustcart.refresh_customer_state(date, boolean, integer);
drop function if exists trustcart.detect_dropoffs(date, integer);
drop function if exists trustcart.refresh_customer_behavior(date, integer);
drop function if exists trustcart.apply_retention(date, integer);
drop function if exists trustcart_private.relevel_dropoffs(date, bigint, bigint);

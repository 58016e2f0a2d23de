drop table if exists trustcart_private.answered_requests;
alter table if exists trustcart.settings
drop column if exists answered_requests_keep_days;

drop table if exists trustcart.order_statuses;
drop table if exists trustcart.settings;
drop function if exists trustcart_private.is_time_zone(text);
drop domain if exists trustcart.gender;
drop domain if exists trustcart.calendar_date;
drop domain if exists trustcart.email_address;

drop table if exists trustcart.customer_event_days;

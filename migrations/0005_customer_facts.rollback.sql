drop type if exists trustcart_private.customer_figures;
drop table if exists trustcart_private.customer_state_clock;
drop table if exists trustcart.customer_state_changes;
drop table if exists trustcart.customer_dropoff_tracking;
drop table if exists trustcart.customer_interactions;
drop function if exists trustcart_private.asks_follow_up(text);
drop table if exists trustcart.customer_behavior;
drop table if exists trustcart.customer_family_members;

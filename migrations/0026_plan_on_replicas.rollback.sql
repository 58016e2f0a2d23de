alter table trustcart_private.simulated_candidates set unlogged;
alter table trustcart_private.simulated_drops set unlogged;
alter table trustcart_private.simulated_calls set unlogged;

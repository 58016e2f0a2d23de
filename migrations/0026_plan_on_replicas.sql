-- The call plan reads these tables, and a replica has no unlogged ones. They are empty unless a backtest runs, so that
-- nothing is rewritten.
-- depends: 0025_batches

alter table trustcart_private.simulated_calls set logged;
alter table trustcart_private.simulated_drops set logged;
alter table trustcart_private.simulated_candidates set logged;

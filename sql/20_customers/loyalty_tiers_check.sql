-- requires: check_loyalty_tiers

create or replace trigger loyalty_tiers_check
after insert or update on trustcart.loyalty_tiers
for each statement
execute function trustcart_private.check_loyalty_tiers();

comment on trigger loyalty_tiers_check on trustcart.loyalty_tiers is 'Rank and min_spend agree.';

-- requires: check_segment_rule

create or replace trigger segment_rules_check
before insert or update on trustcart.segment_rules
for each row
execute function trustcart_private.check_segment_rule();

comment on trigger segment_rules_check on trustcart.segment_rules is
'Fills in the kind and checks attribute and words.';

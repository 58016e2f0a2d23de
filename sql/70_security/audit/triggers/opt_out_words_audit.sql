-- requires: log_audit_trail

create or replace trigger opt_out_words_audit
after insert or update or delete on trustcart.opt_out_words
for each row
execute function trustcart.log_audit_trail();

comment on trigger opt_out_words_audit on trustcart.opt_out_words is
'Writes to audit_logs who changed which words refuse or allow.';

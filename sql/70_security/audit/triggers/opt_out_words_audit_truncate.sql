-- requires: log_audit_trail

create or replace trigger opt_out_words_audit_truncate
after truncate on trustcart.opt_out_words
for each statement
execute function trustcart.log_audit_trail();

comment on trigger opt_out_words_audit_truncate on trustcart.opt_out_words is
'Writes to audit_logs that the table was emptied.';

-- requires: log_audit_trail

-- Not of the counters, which every message moves.
create or replace trigger marketing_campaigns_audit
after insert or delete or update of
campaign_name, campaign_type, target_segment, subject, message_template, discount_code, start_date, end_date,
is_active, is_scheduled, trigger_event, notice_days, holdout_percentage, attribution_days, frozen_at
on trustcart.marketing_campaigns
for each row
execute function trustcart.log_audit_trail();

comment on trigger marketing_campaigns_audit on trustcart.marketing_campaigns is
'Writes to audit_logs who changed what campaigns are.';

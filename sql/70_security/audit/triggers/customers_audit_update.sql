-- requires: log_audit_trail

-- By row and column, as customers_event_days_update is: an order's update of its customer names none of these. A phone
-- that convert_phones() puts into the vault, or takes out of it, has not changed.
create or replace trigger customers_audit_update
after update of
    first_name, last_name, email, phone, mobile, gender, date_of_birth, anniversary_date, address, city,
    district, notes, is_active, assigned_agent_id, erased_at, merged_into_id
on trustcart.customers
for each row
when (
    (
        old.first_name, old.last_name, old.email, old.gender, old.date_of_birth, old.anniversary_date, old.address,
        old.city, old.district, old.notes, old.is_active, old.assigned_agent_id, old.erased_at, old.merged_into_id
    ) is distinct from (
        new.first_name, new.last_name, new.email, new.gender, new.date_of_birth, new.anniversary_date, new.address,
        new.city, new.district, new.notes, new.is_active, new.assigned_agent_id, new.erased_at, new.merged_into_id
    )
    or (
        old.phone is distinct from new.phone
        and (
            old.state_revision = new.state_revision
            or ((old.phone like 'enc:%') <> (new.phone like 'enc:%')) is not true
        )
    )
    or (
        old.mobile is distinct from new.mobile
        and (
            old.state_revision = new.state_revision
            or ((old.mobile like 'enc:%') <> (new.mobile like 'enc:%')) is not true
        )
    )
)
execute function trustcart.log_audit_trail();

comment on trigger customers_audit_update on trustcart.customers is
'Writes to audit_logs who changed what was entered about a customer.';

-- requires: normalize_phone

create or replace function trustcart_private.derive_customer()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
    if tg_op = 'INSERT' then
        new.phone_e164 := trustcart.normalize_phone(new.phone);
        new.mobile_e164 := trustcart.normalize_phone(new.mobile);
        new.order_count := 0;
        new.total_spend := 0;
        new.first_order_date := null;
        new.last_order_date := null;
        new.next_order_date := null;
        new.customer_type := null;
        new.lifecycle_stage := 'prospect';
        new.priority_level := 'cold';
        new.family_members_count := 0;
        new.interactions_count := 0;
        new.state_as_of := '-infinity';
        new.state_valid_until := null;
        new.state_revision := 0;
        return new;
    end if;

    new.phone_e164 := old.phone_e164;
    new.mobile_e164 := old.mobile_e164;
    if new.phone is distinct from old.phone then
        new.phone_e164 := trustcart.normalize_phone(new.phone);
    end if;
    if new.mobile is distinct from old.mobile then
        new.mobile_e164 := trustcart.normalize_phone(new.mobile);
    end if;
    new.order_count := old.order_count;
    new.total_spend := old.total_spend;
    new.first_order_date := old.first_order_date;
    new.last_order_date := old.last_order_date;
    new.next_order_date := old.next_order_date;
    new.customer_type := old.customer_type;
    new.lifecycle_stage := old.lifecycle_stage;
    new.priority_level := old.priority_level;
    new.family_members_count := old.family_members_count;
    new.interactions_count := old.interactions_count;
    new.state_as_of := old.state_as_of;
    new.state_valid_until := old.state_valid_until;
    new.updated_at := old.updated_at;
    if new is distinct from old then
        new.updated_at := now();
    end if;
    return new;
end;
$$;
comment on function trustcart_private.derive_customer() is
'Trigger: the derived columns of a customer are no one''s to enter. A new one begins without orders, an update leaves
them as they are, whatever values were supplied; phone_e164, mobile_e164 and updated_at follow from what was entered.';

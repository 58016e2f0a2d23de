-- requires: e164_of

create or replace function trustcart_private.derive_customer()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        new.phone_e164 := trustcart_private.e164_of(new.phone);
        new.mobile_e164 := trustcart_private.e164_of(new.mobile);
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
        new.erased_at := null;
        new.merged_into_id := null;
        return new;
    end if;

    -- After the fact: a BEFORE trigger would lock the row once more with every order (measured: a tenth of its time).
    update trustcart.customers as c
    set
        phone_e164 = case
            when new.phone is distinct from old.phone then trustcart_private.e164_of(new.phone)
            else old.phone_e164
        end,
        mobile_e164 = case
            when new.mobile is distinct from old.mobile then trustcart_private.e164_of(new.mobile)
            else old.mobile_e164
        end,
        order_count = old.order_count,
        total_spend = old.total_spend,
        first_order_date = old.first_order_date,
        last_order_date = old.last_order_date,
        next_order_date = old.next_order_date,
        customer_type = old.customer_type,
        lifecycle_stage = old.lifecycle_stage,
        priority_level = old.priority_level,
        family_members_count = old.family_members_count,
        interactions_count = old.interactions_count,
        state_as_of = old.state_as_of,
        state_valid_until = old.state_valid_until,
        erased_at = old.erased_at,
        merged_into_id = old.merged_into_id,
        state_revision = old.state_revision + 1,
        updated_at = case
            when
                (
                    new.first_name, new.last_name, new.email, new.phone, new.mobile, new.gender, new.date_of_birth,
                    new.anniversary_date, new.address, new.city, new.district, new.notes, new.is_active,
                    new.assigned_agent_id
                ) is distinct from (
                    old.first_name, old.last_name, old.email, old.phone, old.mobile, old.gender, old.date_of_birth,
                    old.anniversary_date, old.address, old.city, old.district, old.notes, old.is_active,
                    old.assigned_agent_id
                )
                then now()
            else old.updated_at
        end
    where c.id = new.id;
    return null;
end;
$$;
comment on function trustcart_private.derive_customer() is
'Trigger: the derived columns of a customer are no one''s to enter. A new one begins without orders, an update leaves
them as they are, whatever values were supplied; phone_e164, mobile_e164 and updated_at follow from what was entered.';

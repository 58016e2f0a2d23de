-- requires: keep_customer_gone

-- After the fact and by column: an order's update of its customer names none of them, and a BEFORE trigger would lock
-- the row once more with every order.
create or replace trigger customers_keep_gone
after update of
first_name, last_name, email, phone, mobile, gender, date_of_birth, anniversary_date, address, city, district, notes,
is_active, assigned_agent_id on trustcart.customers
for each row
when (new.erased_at is not null or new.merged_into_id is not null)
execute function trustcart_private.keep_customer_gone();

comment on trigger customers_keep_gone on trustcart.customers is
'Who was erased stays so, and who was merged stays inactive: TC111.';

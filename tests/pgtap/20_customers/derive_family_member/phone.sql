-- The E.164 form of a family member's number follows the number as typed.
begin;
select plan(4);

insert into trustcart.customers (id) values (1);
insert into trustcart.customer_family_members (id, customer_id, name, relationship, phone, phone_e164)
values (1, 1, 'Jane Doe', 'spouse', '০১৭০০-০০০০০১', '+1');
select is(
    (select f.phone_e164 from trustcart.customer_family_members as f), '+8801700000001', 'from the number as typed'
);
select is((select f.phone from trustcart.customer_family_members as f), '০১৭০০-০০০০০১', 'which is kept');
update trustcart.customer_family_members set phone = '01800000001';
select is(
    (select f.phone_e164 from trustcart.customer_family_members as f), '+8801800000001', 'another number, another form'
);
update trustcart.customer_family_members set phone_e164 = '+2';
select is(
    (select f.phone_e164 from trustcart.customer_family_members as f), '+8801800000001', 'a value supplied is ignored'
);

select * from finish();
rollback;

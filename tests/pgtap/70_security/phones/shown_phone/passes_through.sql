-- Readable text is shown as it is; a token of which nothing is known shows nothing.
begin;
select plan(8);

select is(trustcart.shown_phone(x.phone), x.phone, coalesce(x.phone, 'null') || ' as it is')
from (values ('01711-111111'), ('+8801711111111'), (''), (null), ('enc:once upon a time'), ('ENC:x')) as x (phone);
select is(trustcart.shown_phone('enc:mobile:' || repeat('0', 64)), '***', 'a token that is unknown');
create role phone_service in role trustcart_service;
insert into trustcart.customers (id, phone) values (1, '01711-111111');
set local role phone_service;
create temporary table seen as
select v.phone from trustcart.customer_360_view as v where v.customer_id = 1;
reset role;
select is((select s.phone from seen as s), '017***11', 'who may not see numbers sees them masked, as ever');

select * from finish();
rollback;

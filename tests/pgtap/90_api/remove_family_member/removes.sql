-- A family member goes, and what follows from one: the birthday, the number, the count.
begin;
select plan(7);

insert into trustcart.customers (id) values (1);
insert into trustcart.customer_family_members (id, customer_id, name, relationship, date_of_birth, phone) values
(5, 1, 'Jane', 'spouse', '1995-03-15', '01700000001'), (6, 1, 'Jo', 'child', null, null);
select is(
    trustcart_api.remove_family_member(5),
    '{"id": 5, "customer_id": 1, "name": "Jane", "relationship": "spouse"}', 'who is gone'
);
select results_eq('select f.id from trustcart.customer_family_members as f', array[6::bigint], 'the others stay');
select is_empty('select from trustcart.customer_event_days', 'nobody greets');
select is_empty('select from trustcart.find_caller(''01700000001'')', 'nobody rings in');
select is((select c.family_members_count from trustcart.customers as c), 1, 'one is left');
select throws_ok(
    'select trustcart_api.remove_family_member(5)', 'TC004', 'there is no family member 5', 'once only'
);
select throws_ok('select trustcart_api.remove_family_member(null)', 'TC003', 'familyMemberId is required', 'whom');

select * from finish();
rollback;

-- GET /cdm/family-members/:customerId, in the guide's shape.
begin;
select plan(4);

insert into trustcart.customers (id) values (1), (2);
insert into trustcart.customer_family_members (id, customer_id, name, relationship, date_of_birth, phone)
values (2, 1, 'Jo Doe', 'child', null, null), (1, 1, 'Jane Doe', 'spouse', '1995-03-15', '01700000001');
select ok(
    trustcart_api.family_members(1) -> 0 @> '{
      "id": 1, "name": "Jane Doe", "relationship": "spouse", "date_of_birth": "1995-03-15", "phone": "01700000001"
    }' and jsonb_array_length(trustcart_api.family_members(1)) = 2,
    'the guide''s example'
);
select is(trustcart_api.family_members(2), '[]', 'no family is an empty array');
select throws_ok(
    'select trustcart_api.family_members(null)', 'TC003', 'customerId is required', 'no customer is named'
);
select throws_ok('select trustcart_api.family_members(99)', 'TC004', null, 'an unknown customer');

select * from finish();
rollback;

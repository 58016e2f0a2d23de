-- What is given is changed, blank takes away, the rest stays; phone book and event days follow.
begin;
select plan(14);

insert into trustcart.customers (id) values (1);
insert into trustcart.customer_family_members (id, customer_id, name, relationship, date_of_birth, phone, notes)
values (5, 1, 'Jane', 'spouse', '1995-03-15', '01700000001', 'note');
select is(
    trustcart_api.update_family_member(5, p_name => ' Jane Doe ', p_phone => '01700000002', p_address => 'Dhaka'),
    '{"id": 5, "customer_id": 1, "name": "Jane Doe", "relationship": "spouse", "date_of_birth": "1995-03-15",
    "anniversary_date": null, "phone": "01700000002", "address": "Dhaka", "notes": "note"}',
    'what is left out stays'
);
select is(
    trustcart_api.family_members(1) -> 0,
    trustcart_api.update_family_member(5) - 'customer_id', 'nothing given changes nothing'
);
select results_eq(
    'select f.matched_as from trustcart.find_caller(''01700000002'') as f', $$values ('family: spouse')$$,
    'known by the new number'
);
select is_empty('select from trustcart.find_caller(''01700000001'')', 'and no longer by the old one');
select lives_ok(
    $$select trustcart_api.update_family_member(
        5, p_date_of_birth => '2000-02-29', p_anniversary_date => '2020-06-01', p_phone => '', p_notes => ' '
    )$$, 'blank takes away'
);
select is(
    trustcart_api.family_members(1) -> 0,
    '{"id": 5, "name": "Jane Doe", "relationship": "spouse", "date_of_birth": "2000-02-29",
    "anniversary_date": "2020-06-01", "phone": null, "address": "Dhaka", "notes": null}', 'to null'
);
select results_eq(
    'select d.kind, d.occurred_on from trustcart.customer_event_days as d order by d.kind',
    $$values ('anniversary', date '2020-06-01'), ('birthday', '2000-02-29')$$, 'the days to greet follow'
);
select lives_ok($$select trustcart_api.update_family_member(5, p_anniversary_date => '')$$, 'a day is taken away');
select results_eq(
    'select d.kind from trustcart.customer_event_days as d', $$values ('birthday')$$, 'and greeted no longer'
);
select throws_ok('select trustcart_api.update_family_member(null)', 'TC003', 'familyMemberId is required', 'whom');
select throws_ok('select trustcart_api.update_family_member(5, '' '')', 'TC003', 'name is required', 'no name');
select throws_ok(
    'select trustcart_api.update_family_member(5, p_relationship => '''')', 'TC003', 'relationship is required',
    'no relationship'
);
select throws_ok(
    'select trustcart_api.update_family_member(5, p_date_of_birth => ''15/03/1995'')', 'TC001', null, 'no date'
);
select throws_ok('select trustcart_api.update_family_member(6)', 'TC004', 'there is no family member 6', 'unknown');

select * from finish();
rollback;

-- POST /cdm/family-member: the guide's body is a family member; without the required fields it is none.
begin;
select plan(14);

insert into trustcart.customers (id) values (1);
create temporary table added as
select trustcart_api.add_family_member(
    p_customer_id => 1, p_name => 'Jane Doe', p_relationship => 'spouse', p_date_of_birth => '1995-03-15',
    p_phone => '01700000001', p_address => 'Dhaka, Bangladesh'
) as member;
select ok(
    (
        select a.member @> '{
          "customer_id": 1, "name": "Jane Doe", "relationship": "spouse", "date_of_birth": "1995-03-15",
          "phone": "01700000001", "address": "Dhaka, Bangladesh", "notes": null
        }'
        from added as a
    ),
    'the guide''s body comes back'
);
select is(
    trustcart_api.family_members(1), (select jsonb_build_array(a.member - 'customer_id') from added as a),
    'as it is listed from then on'
);
select lives_ok(
    $$select trustcart_api.add_family_member(1, ' Jo ', 'child', p_date_of_birth => '', p_phone => ' ')$$,
    'name and relationship are enough; blanks are none'
);
select is(
    (
        select row(f.name, f.date_of_birth, f.phone)::text
        from trustcart.customer_family_members as f
        where f.relationship = 'child'
    ),
    row('Jo', null, null)::text,
    'they are stored as null'
);
select throws_ok(
    format('select trustcart_api.add_family_member(%s)', t.arguments), 'TC003', t.message, t.arguments
)
from (
    values
    ('null, ''Jane'', ''spouse''', 'customerId is required'),
    ('1, null, ''spouse''', 'name is required'),
    ('1, '' '', ''spouse''', 'name is required'),
    ('1, ''Jane'', null', 'relationship is required'),
    ('1, ''Jane'', ''''', 'relationship is required')
) as t (arguments, message);
select throws_ok(
    'select trustcart_api.add_family_member(99, ''Jane'', ''spouse'')', 'TC004', null, 'an unknown customer'
);
select throws_ok(
    format('select trustcart_api.add_family_member(1, ''Jane'', ''spouse'', %L)', t.date), 'TC001', null,
    format('%L is no date of birth', t.date)
)
from (values ('2025-13-40'), ('infinity'), ('15/03/1995')) as t (date);
select is(
    (select count(*) from trustcart.customer_family_members as f), 2::bigint, 'what was refused left nothing behind'
);

select * from finish();
rollback;

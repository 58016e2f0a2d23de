-- A family member learned in a call is written; what is wrong with one is said.
begin;
select plan(9);

insert into trustcart.customers (id, first_name) values (1, 'Rahim');
select isnt(
    trustcart_private.learn_family_member(
        1, '{"name": " Karima ", "relationship": "spouse", "date_of_birth": "1990-05-17", "phone": "01712345678"}'
    ),
    null, 'written'
);
select results_eq(
    $$select f.name, f.relationship, f.date_of_birth::date, f.anniversary_date::date, f.phone
    from trustcart.customer_family_members as f where f.customer_id = 1$$,
    $$values ('Karima', 'spouse', date '1990-05-17', null::date, '01712345678')$$,
    'as it was said'
);
select trustcart_private.learn_family_member(
    1, '{"name": "karima", "relationship": "Spouse", "anniversary_date": "2015-02-03"}'
);
select results_eq(
    $$select f.date_of_birth::date, f.anniversary_date::date, f.phone
    from trustcart.customer_family_members as f where f.customer_id = 1$$,
    $$values (date '1990-05-17', date '2015-02-03', '01712345678')$$,
    'told of again, it is the same person, and what is new is noted'
);
select throws_ok(
    $$select trustcart_private.learn_family_member(1, '{"name": "K", "relationship": "spouse", "age": 3}')$$,
    'TC002', 'a family member has no ''age''', 'unknown key'
);
select throws_ok(
    $$select trustcart_private.learn_family_member(1, '{"relationship": "spouse"}')$$,
    'TC003', 'the family member''s name is required', 'no name'
);
select throws_ok(
    $$select trustcart_private.learn_family_member(1, '{"name": "K", "relationship": " "}')$$,
    'TC003', 'the family member''s relationship is required', 'no relationship'
);
select throws_ok(
    $$select trustcart_private.learn_family_member(
        1, '{"name": "K", "relationship": "spouse", "date_of_birth": "17/05/1990"}'
    )$$,
    'TC001', null, 'no date'
);
select throws_ok($$select trustcart_private.learn_family_member(1, '["K"]')$$, 'TC005', null, 'a list');
select is((select count(*) from trustcart.customer_family_members), 1::bigint, 'nothing more was written');

select * from finish();
rollback;

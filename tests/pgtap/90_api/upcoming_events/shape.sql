-- GET /cdm/upcoming-events, in the guide's shape.
begin;
select plan(5);

-- 28 years ago is the same day of the year, 29 February too.
insert into trustcart.customers (id, first_name, last_name, email, date_of_birth, anniversary_date)
values (
    5, 'John', 'Doe', 'john@example.com', (trustcart.business_date() + 7 - interval '28 years')::date,
    (trustcart.business_date() + 2 - interval '8 years')::date
);
select ok(
    trustcart_api.upcoming_events(30) -> 1 @> jsonb_build_object(
        'customer_id', 5, 'name', 'John Doe', 'email', 'john@example.com', 'event_type', 'birthday',
        'event_date', trustcart.business_date() + 7, 'days_until', 7
    ),
    'the guide''s example'
);
select is(
    trustcart_api.upcoming_events() -> 0 ->> 'event_type', 'anniversary', '30 days unless said otherwise, the next first'
);
select is(jsonb_array_length(trustcart_api.upcoming_events(2)), 1, 'a shorter window');
select is(trustcart_api.upcoming_events(1), '[]', 'nothing is an empty array');
select throws_ok('select trustcart_api.upcoming_events(-1)', 'TC005', null, 'a negative window');

select * from finish();
rollback;

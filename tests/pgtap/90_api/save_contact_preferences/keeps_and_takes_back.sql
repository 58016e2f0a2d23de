-- Wishes as a form brings them: left out stays, blank takes back.
begin;
select plan(13);

insert into trustcart.customers (id) values (1), (2);
select is(
    trustcart_api.save_contact_preferences(1, '17:00', '24:00', 'BN'),
    '{"customer_id": 1, "preferred_from": "17:00", "preferred_until": "24:00", "language": "bn", "time_zone": null}',
    'hours and language'
);
select is(
    trustcart_api.save_contact_preferences(1, p_time_zone => 'Asia/Dubai'),
    '{"customer_id": 1, "preferred_from": "17:00", "preferred_until": "24:00", "language": "bn",
    "time_zone": "Asia/Dubai"}', 'what is left out stays'
);
select is(
    trustcart_api.save_contact_preferences(1, '', '', 'en', ''),
    '{"customer_id": 1, "preferred_from": null, "preferred_until": null, "language": "en", "time_zone": null}',
    'blank takes back, beside what is new'
);
select is(
    trustcart_api.save_contact_preferences(2, '', '', '', ''),
    '{"customer_id": 2, "preferred_from": null, "preferred_until": null, "language": null, "time_zone": null}',
    'nobody said anything, and still nobody did'
);
select is_empty('select from trustcart.customer_contact_preferences as p where p.customer_id = 2', 'and no row says so');
select throws_ok(
    format('select trustcart_api.save_contact_preferences(1, %s)', t.hours), 'TC005', t.message, t.hours
)
from (
    values
    ('''17:00''', 'preferredUntil is missing'),
    ('p_preferred_until => ''17:00''', 'preferredFrom is missing'),
    ('''17:00'', ''''', 'preferredUntil is missing'),
    ('''18:00'', ''17:00''', 'preferredFrom 18:00 is not before preferredUntil 17:00')
) as t (hours, message);
select throws_ok(
    'select trustcart_api.save_contact_preferences(1, ''5 pm'', ''24:00'')', 'TC001', '''5 pm'' is not an hour', 'no hour'
);
select throws_ok(
    'select trustcart_api.save_contact_preferences(1, p_language => ''Bangla!'')', 'TC005', null, 'no language'
);
select throws_ok(
    'select trustcart_api.save_contact_preferences(1, p_time_zone => ''Dhaka'')', 'TC002', null, 'no time zone'
);
select throws_ok(
    'select trustcart_api.save_contact_preferences(null)', 'TC003', 'customerId is required', 'no customer'
);

select * from finish();
rollback;

-- The business date is the date now in the time zone of settings, whatever the session's.
begin;
select plan(5);

select is(
    (select s.time_zone from trustcart.settings as s), 'Asia/Dhaka', 'the shop is in Dhaka unless settings say otherwise'
);
select is(trustcart.business_date(), (now() at time zone 'Asia/Dhaka')::date, 'the date in Dhaka');

set local time zone 'Pacific/Kiritimati';
select is(trustcart.business_date(), (now() at time zone 'Asia/Dhaka')::date, 'whatever zone the session is in');

-- 26 hours lie between these two, so that they never share a date.
update trustcart.settings set time_zone = 'Pacific/Kiritimati';
create temporary table eastern as select trustcart.business_date() as business_date;
update trustcart.settings set time_zone = 'Etc/GMT+12';
select is(
    (select e.business_date from eastern as e),
    (now() at time zone 'Pacific/Kiritimati')::date,
    'it follows the settings'
);
select isnt(trustcart.business_date(), (select e.business_date from eastern as e), 'at once');

select * from finish();
rollback;

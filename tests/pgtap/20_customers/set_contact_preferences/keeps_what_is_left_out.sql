begin;
select plan(9);

insert into trustcart.customers (id) values (1), (2);
create function pg_temp.known(p_customer_id bigint)
returns text language sql as $$
    select concat_ws(' ', p.preferred_from, p.preferred_until, p.language, p.time_zone)
    from trustcart.customer_contact_preferences as p
    where p.customer_id = p_customer_id
$$;

select is((trustcart.set_contact_preferences(1, '10:00', '12:30')).preferred_until, time '12:30', 'it returns the row');
select is(pg_temp.known(1), '10:00:00 12:30:00', 'hours');
select trustcart.set_contact_preferences(1, null, null, ' BN ', 'Europe/London');
select is(pg_temp.known(1), '10:00:00 12:30:00 bn Europe/London', 'language and time zone; the hours stay');
select trustcart.set_contact_preferences(1, '18:00', '24:00');
select is(pg_temp.known(1), '18:00:00 24:00:00 bn Europe/London', 'other hours, until the day''s end; the rest stays');
select trustcart.set_contact_preferences(1, p_language => 'en', p_time_zone => ' ');
select is(pg_temp.known(1), '18:00:00 24:00:00 en Europe/London', 'a blank one is none');
select is(pg_temp.known(2), null, 'other customers have said nothing');
update trustcart.customer_contact_preferences set preferred_from = null, preferred_until = null where customer_id = 1;
select is(pg_temp.known(1), 'en Europe/London', 'an update takes a wish back');

alter table trustcart.customer_contact_preferences disable trigger customer_contact_preferences_updated_at;
update trustcart.customer_contact_preferences set updated_at = '2025-01-01';
alter table trustcart.customer_contact_preferences enable trigger customer_contact_preferences_updated_at;
select trustcart.set_contact_preferences(1, p_language => 'bn');
select is(
    (select p.updated_at from trustcart.customer_contact_preferences as p), now(), 'updated_at is kept'
);
select trustcart.set_contact_preferences(2, p_language => 'en');
delete from trustcart.customers where id = 2;
select is(pg_temp.known(2), null, 'wishes go with the customer');

select * from finish();
rollback;

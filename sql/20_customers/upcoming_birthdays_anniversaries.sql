-- requires: trustcart.upcoming_events

-- The columns stand in the guide's order.
create or replace view trustcart.upcoming_birthdays_anniversaries
with (security_invoker = true) as
select  -- noqa: ST06
    e.customer_id as id,
    e.name,
    e.email,
    e.phone,
    case when e.family_member_id is null then c.date_of_birth else f.date_of_birth end as date_of_birth,
    case when e.family_member_id is null then c.anniversary_date else f.anniversary_date end as anniversary_date,
    e.event_type,
    e.event_date,
    e.days_until,
    e.family_member_id
from trustcart.upcoming_events(30) as e
inner join trustcart.customers as c on e.customer_id = c.id
left join trustcart.customer_family_members as f on e.family_member_id = f.id;

comment on view trustcart.upcoming_birthdays_anniversaries is
'Birthdays and wedding anniversaries of the next 30 days (guide: "upcoming_birthdays_anniversaries"), of customers and
their families; upcoming_events() gives any other window.';
comment on column trustcart.upcoming_birthdays_anniversaries.id is 'The customer, or whose family it is.';
comment on column trustcart.upcoming_birthdays_anniversaries.name is 'Whose day it is.';
comment on column trustcart.upcoming_birthdays_anniversaries.email is 'E-mail address of the customer.';
comment on column trustcart.upcoming_birthdays_anniversaries.phone is 'Phone number of the customer, as it was typed.';
comment on column trustcart.upcoming_birthdays_anniversaries.date_of_birth is 'Date of birth of the one named.';
comment on column trustcart.upcoming_birthdays_anniversaries.anniversary_date is 'Wedding date of the one named.';
comment on column trustcart.upcoming_birthdays_anniversaries.event_type is
'birthday, anniversary, family_birthday or family_anniversary.';
comment on column trustcart.upcoming_birthdays_anniversaries.event_date is 'The day it falls on.';
comment on column trustcart.upcoming_birthdays_anniversaries.days_until is 'Days from business_date() to it.';
comment on column trustcart.upcoming_birthdays_anniversaries.family_member_id is
'The family member; null for the customer''s own.';

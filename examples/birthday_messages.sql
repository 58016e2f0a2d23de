-- What a messenger needs for the birthdays and anniversaries of the coming week.
begin;
\ir shop.sql

select
    id as customer_id,
    name,
    phone,
    event_type,
    days_until
from trustcart.upcoming_birthdays_anniversaries
where days_until <= 7 and id between 9001 and 9005
order by days_until, name;

rollback;

-- The only place that knows the 30 days.
create or replace function trustcart_private.is_history(p_order_date date, p_as_of date)
returns boolean
language sql immutable parallel safe
security invoker
return p_order_date < p_as_of - 30;

comment on function trustcart_private.is_history(date, date) is
'True of a date more than 30 days before the business date p_as_of: an order entered with it is history being imported,
not news. It counts in every figure, but nobody is told: no engagement, no event, no congratulation.';

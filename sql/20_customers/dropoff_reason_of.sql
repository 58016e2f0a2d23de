create or replace function trustcart_private.dropoff_reason_of(p_after_days integer)
returns text
language sql immutable parallel safe
security invoker
begin atomic
select 'no order for more than ' || p_after_days || ' days' as dropoff_reason;
end;

comment on function trustcart_private.dropoff_reason_of(integer) is
'The threshold of a dropoff level, in words; null without one.';

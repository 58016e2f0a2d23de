create or replace function trustcart_private.next_working_day(p_date date)
returns date
language sql immutable parallel safe
security invoker
begin atomic
select p_date + case extract(isodow from p_date)
    when 4 then 3  -- Thursday: the shop's weekend is Friday and Saturday
    when 5 then 2
    else 1
end::integer as next_working_day;
end;

comment on function trustcart_private.next_working_day(date) is
'The first working day after a date. Working days are Sunday to Thursday, as in Bangladesh: said only here.';

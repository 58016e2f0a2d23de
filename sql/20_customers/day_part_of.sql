create or replace function trustcart_private.day_part_of(p_hour integer)
returns text
language sql immutable parallel safe
security invoker
begin atomic
select case
    when p_hour between 5 and 11 then 'morning'
    when p_hour between 12 and 16 then 'afternoon'
    when p_hour between 17 and 20 then 'evening'
    when p_hour is not null then 'night'
end as day_part;
end;

comment on function trustcart_private.day_part_of(integer) is
'The part of the day an hour (0 to 23) belongs to: morning 5-11, afternoon 12-16, evening 17-20, night else.';

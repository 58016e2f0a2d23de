create or replace function trustcart_private.parse_instant(p_text text, p_time_zone text)
returns timestamptz
language sql stable parallel safe
security invoker
begin atomic
select case
    when p_text ~ ':[0-9.]+ ?(Z|[+-][0-9:]+)$' then p_text::timestamptz
    else p_text::timestamp at time zone p_time_zone
end as parse_instant;
end;

comment on function trustcart_private.parse_instant(text, text) is
'The instant that a text of the form of is_instant() names; without an offset it is read in the time zone given.';

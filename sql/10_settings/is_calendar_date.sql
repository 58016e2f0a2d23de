create or replace function trustcart_private.is_calendar_date(p_text text)
returns boolean
language sql immutable parallel safe
security invoker
begin atomic
select p_text ~ (
    '^(18[5-9]|19[0-9]|2[01][0-9])[0-9]-'
    '((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)$'
)
or p_text ~ '^(18(5[26]|[68][048]|[79][26])|(19|20|21)(0[48]|[2468][048]|[13579][26])|2000)-02-29$' as is_calendar_date;
end;

comment on function trustcart_private.is_calendar_date(text) is
'True when the text is a day of the calendar written as YYYY-MM-DD, from 1850 to 2199, so that casting it to date cannot
fail. Null of null. For checks in bulk, where parse_date() would stop at the first bad value.';

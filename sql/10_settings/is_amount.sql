create or replace function trustcart_private.is_amount(p_text text)
returns boolean
language sql immutable parallel safe
security invoker
begin atomic
select case
    when p_text !~ '^[0-9]+(\.[0-9]*)?$' or length(p_text) > 40 then false
    else p_text::numeric < 1e10 and p_text::numeric = round(p_text::numeric, 2)
end as is_amount;
end;

comment on function trustcart_private.is_amount(text) is
'True when the text is an amount of money, so that casting it to numeric cannot fail and loses nothing: digits, at most
two decimals that count, not negative, below 10,000,000,000. Null of null.';

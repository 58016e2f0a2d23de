create or replace function trustcart_private.adoption_fault_text(p_sqlstate text, p_message text, p_constraint text)
returns text
language sql immutable parallel safe
security invoker
begin atomic
select case
    when p_sqlstate like '23%' and p_constraint <> '' then 'breaks ' || p_constraint
    when p_sqlstate like '42%' or p_sqlstate like 'TC%' then p_message
    when p_sqlstate like '22%' then 'is no value of its type'
    else 'was refused'
end;
end;
comment on function trustcart_private.adoption_fault_text(text, text, text) is
'An error in words for the quarantine: the messages of other classes may hold the value, which is a customer''s.';

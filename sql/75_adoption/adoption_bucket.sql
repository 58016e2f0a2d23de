create or replace function trustcart_private.adoption_bucket(p_text text)
returns integer
language sql immutable parallel safe
security invoker
begin atomic
select hashtext(p_text) & 1023;
end;
comment on function trustcart_private.adoption_bucket(text) is
'Which of 1024 advisory locks stands for this number: so many at most does the largest statement take.';

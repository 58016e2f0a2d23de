create or replace function trustcart_private.known_outcome(p_outcome text)
returns text
language sql stable parallel safe
security invoker
begin atomic
select w.word
from (select trustcart_private.outcome_word(p_outcome) as word) as w
where
    w.word in ('successful', 'completed')
    or w.word in (select o.outcome from trustcart.call_outcomes as o);
end;

comment on function trustcart_private.known_outcome(text) is
'The first word of an outcome, if it is one of call_outcomes or our own: what is left of it when the rest, which may say
anything, is forgotten. Null when it is neither.';

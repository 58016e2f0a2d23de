-- requires: state_differences, contact_differences, loyalty_differences, word_differences

create or replace function trustcart.check_customer_state()
returns table (
    customer_id bigint,
    figure text,
    maintained text,
    recomputed text
)
language sql stable parallel safe
security invoker
begin atomic
select
    d.customer_id,
    d.figure,
    d.maintained,
    d.recomputed
from trustcart_private.state_differences(-9223372036854775808, 9223372036854775807) as d
union all
select
    d.customer_id,
    d.figure,
    d.maintained,
    d.recomputed
from trustcart_private.contact_differences() as d
union all
select
    l.customer_id,
    'loyalty tier' as figure,
    l.maintained,
    l.recomputed
from trustcart.loyalty_differences() as l
union all
select
    w.customer_id,
    'word in customer_words' as figure,
    w.maintained,
    w.recomputed
from trustcart_private.word_differences() as w;
end;

comment on function trustcart.check_customer_state() is
'Every maintained figure that differs from its recomputation from the orders, as of the date each customer''s state
speaks of, every history that does not end in the present label, every tier that total_spend does not give, and what contact_days, phone_book and customer_words hold
differently from the contacts, numbers and names they were made from. No rows is right.';

create or replace function trustcart_private.contact_history(p_real_before date, p_simulation bigint)
returns table (customer_id bigint, contacted_on date, channel text)
language sql stable parallel safe
security invoker
begin atomic
select
    d.customer_id,
    d.contacted_on,
    d.channel
from trustcart_private.contact_days as d
where d.contacts > 0 and d.contacted_on < p_real_before
union all
select
    s.customer_id,
    s.called_on,
    'call'::text
from trustcart_private.simulated_calls as s
where s.simulation = p_simulation;
end;

comment on function trustcart_private.contact_history(date, bigint) is
'The days on which customers were contacted before a date, by channel, and the calls that a simulation (null: none)
takes as made. Inlined into the query that reads it.';

-- requires: contact_history, call_refusals, unreachable_customers

create or replace function trustcart_private.contact_blocks(
    p_date date, p_before timestamptz, p_real_before date, p_simulation bigint,
    p_settings trustcart.settings, p_customer_id bigint default null
)
returns table (customer_id bigint, reason text)
language sql stable parallel safe
security invoker
begin atomic
select
    r.customer_id,
    'do not call'::text as reason
from trustcart_private.call_refusals(p_before, p_customer_id) as r
union all
select
    u.customer_id,
    'wrong number: none is left' as reason
from trustcart_private.unreachable_customers(p_before, p_customer_id) as u
union all
select
    h.customer_id,
    'contacted ' || count(*) || ' times in seven days' as reason
from trustcart_private.contact_history(p_real_before, p_simulation) as h
where
    h.contacted_on > p_date - 7 and h.contacted_on <= p_date
    -- Another call on a day with one is no further contact: it is the same try.
    and not (h.contacted_on = p_date and h.channel = 'call')
group by h.customer_id
having count(*) >= (p_settings).contacts_per_week
union all
select
    i.customer_id,
    max(
        o.outcome || ' on ' || (i.interaction_date at time zone (p_settings).time_zone)::date
        || ', no calls for ' || o.pause_days || ' days'
    ) as reason
from trustcart.call_outcomes as o
inner join trustcart.customer_interactions as i
    on
        trustcart_private.outcome_word(i.outcome) = o.outcome
        -- Said once more for the index by word: as an array it serves whatever the join is.
        and trustcart_private.outcome_word(i.outcome) = any(
            array(
                select p.outcome
                from trustcart.call_outcomes as p
                where p.next_step = 'pause'
            )
        )
        and i.interaction_date >= (
            p_date - (select max(p.pause_days) from trustcart.call_outcomes as p)
        )::timestamp at time zone (p_settings).time_zone
        and i.outcome is not null
        and not trustcart_private.is_successful_outcome(i.outcome)
        and i.interaction_date >= (p_date - o.pause_days + 1)::timestamp at time zone (p_settings).time_zone
        and i.interaction_date < least(p_before, p_real_before::timestamp at time zone (p_settings).time_zone)
where
    o.next_step = 'pause'
    -- Whoever comes back of themselves is interested again.
    and not exists (
        select
        from trustcart.customer_interactions as later
        where
            later.customer_id = i.customer_id
            and later.direction = 'inbound'
            and later.interaction_date > i.interaction_date
            and later.interaction_date < p_before
    )
group by i.customer_id;
end;

comment on function trustcart_private.contact_blocks(date, timestamptz, date, bigint, trustcart.settings, bigint) is
'Customers who must not be called on p_date, and why, by what was known at p_before (contacts: before the date
p_real_before, and those of a simulation): they said so, none of their numbers is theirs, they were contacted often
enough over all channels, or an outcome asked for a pause. A row a rule. Inlined: with a condition on customer_id, and
the same customer as p_customer_id, it takes a few index entries.';

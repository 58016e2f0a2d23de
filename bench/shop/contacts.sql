-- Two years of calls and messages. Most of those whom the rules would have had called by today were called, so that a
-- day's generation makes about a tenth as many tasks as there are customers.
select setseed(0.44);
select trustcart.refresh_customer_state();

create temporary table bench_contacts as
with served as (
    select
        c.*,
        trustcart.business_date() as today,
        random() < current_setting('bench.served')::double precision as is_served
    from trustcart.customers as c
    where c.order_count > 0
),

called as (
    -- Welcomed, courted when at risk, won back, reminded.
    select
        c.id as customer_id,
        'new_customer' as task_type,
        c.first_order_date + d.day as called_on
    from served as c
    cross join unnest(array[1, 8, 15]) as d (day)
    where c.is_served and c.first_order_date >= c.today - 30
    union all
    select
        c.id,
        'at_risk',
        c.last_order_date + d.day
    from served as c
    cross join unnest(array[61, 75]) as d (day)
    where c.is_served and c.lifecycle_stage = 'at_risk'
    union all
    select
        c.id,
        'at_risk',
        c.last_order_date + d.day
    from served as c
    cross join unnest(array[91, 98, 105]) as d (day)
    where c.is_served and c.customer_type = 'inactive'
    union all
    select
        c.id,
        'repeat_reminder',
        c.today - d.day
    from served as c
    cross join unnest(array[3, 17]) as d (day)
    where
        c.is_served
        and (c.customer_type = 'vip' or (c.customer_type = 'repeat' and d.day = 3))
),

contacts as (
    select distinct on (k.customer_id, k.called_on)
        k.customer_id,
        k.task_type,
        k.called_on,
        'call' as interaction_type,
        'outbound' as direction
    from called as k
    where k.called_on < trustcart.business_date()
    union all
    -- What customers and agents wanted of each other besides: three times as often as there are customers, most often
    -- with the best customers.
    select
        1 + (r.rank * current_setting('bench.step')::bigint) % current_setting('bench.customers')::bigint,
        null,
        trustcart.business_date() - 1 - floor(730 * r.moment)::integer,
        (array['call', 'call', 'whatsapp', 'sms', 'email', 'visit'])[1 + floor(6 * r.lot)::integer],
        case when r.moment * 1000 - floor(r.moment * 1000) < 0.4 then 'inbound' else 'outbound' end
    from (
        select
            floor(p.shift * power((p.customers + p.shift) / p.shift, random()) - p.shift)::bigint as rank,
            random() as moment,
            random() as lot
        from generate_series(1, 3 * current_setting('bench.customers')::integer) as g (place)
        cross join (
            select
                current_setting('bench.customers')::double precision as customers,
                current_setting('bench.offset')::double precision as shift
        ) as p
    ) as r
    union all
    -- Ten key accounts of some 200 orders who write to the shop daily.
    select
        c.id,
        null,
        trustcart.business_date() - g.place,
        'whatsapp',
        'inbound'
    from (
        select k.id from trustcart.customers as k order by abs(k.order_count - 199), k.id limit 10
    ) as c
    cross join generate_series(1, 180) as g (place)
)

select
    row_number() over (order by k.called_on, k.customer_id, k.task_type, k.interaction_type, k.direction) as place,
    k.*,
    2 + k.customer_id % current_setting('bench.agents')::integer as agent_id,
    (
        array[
            'successful', 'no_answer', 'no_answer', 'not_interested', 'successful - placed an order', 'no_answer',
            'successful', 'not_interested', 'successful', 'follow_up_needed'
        ]
    )[case when random() < 0.8 then 1 + floor(9 * random())::integer else 10 - floor(7 * random())::integer end] as outcome,
    (k.called_on + time '10:00' + random() * interval '8 hours') at time zone s.time_zone as happened_at
from contacts as k
cross join trustcart.settings as s;
analyze bench_contacts;

-- Completed in the past: as of today the triggers would date the completion.
alter table trustcart.crm_call_tasks disable trigger user;
insert into trustcart.crm_call_tasks (
    id, customer_id, assigned_agent_id, task_type, priority, task_date, status, outcome, source, started_at,
    completed_at, closed_at, created_at, updated_at
)
select
    k.place,
    k.customer_id,
    k.agent_id,
    k.task_type,
    'warm',
    k.called_on,
    'completed',
    k.outcome,
    'generated',
    k.happened_at - (1 + k.place % 15) * interval '1 minute',
    k.happened_at,
    k.happened_at,
    k.happened_at,
    k.happened_at
from bench_contacts as k
where k.task_type is not null
order by k.place;
alter table trustcart.crm_call_tasks enable trigger user;
select setval(pg_get_serial_sequence('trustcart.crm_call_tasks', 'id'), max(k.place)) from bench_contacts as k;

insert into trustcart.crm_call_attempts (attempted_at, task_id, customer_id, agent_id, outcome)
select
    k.happened_at,
    k.place,
    k.customer_id,
    k.agent_id,
    k.outcome
from bench_contacts as k
where k.task_type is not null
order by k.place;

insert into trustcart.customer_interactions (
    customer_id, interaction_type, direction, subject, outcome, agent_id, interaction_date, task_id
)
select
    k.customer_id,
    k.interaction_type,
    k.direction,
    coalesce(k.task_type, 'general'),
    k.outcome,
    k.agent_id,
    k.happened_at,
    case when k.task_type is not null then k.place end
from bench_contacts as k
order by k.place;

insert into trustcart.customer_family_members (customer_id, name, relationship)
select
    k.customer_id,
    'Partner ' || g.place,
    'sibling'
from (
    select i.customer_id
    from trustcart.customer_interactions as i
    where i.interaction_type = 'whatsapp' and i.direction = 'inbound'
    group by i.customer_id
    having count(*) >= 180
) as k
cross join generate_series(1, 3) as g (place);

select trustcart.detect_dropoffs();
select trustcart.refresh_customer_behavior();

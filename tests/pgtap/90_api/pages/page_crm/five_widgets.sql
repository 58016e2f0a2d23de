-- Each figure is that of a recomputation from the tables, of what the one who asks may see.
begin;
select plan(20);

select setseed(0.7);
create role agent_one login in role trustcart_agent;
create role leader login in role trustcart_agent;
create role boss login in role trustcart_manager;
insert into trustcart.users (id, name, db_role, role, team_leader_id) values
(3, 'Leader', 'leader', 'crm_agent', null), (1, 'One', 'agent_one', 'crm_agent', 3), (2, 'Two', null, 'crm_agent', 3),
(4, 'Boss', 'boss', 'crm_manager', null);
insert into trustcart.users (id, name, role) select g, 'Agent ' || g, 'crm_agent' from generate_series(11, 25) as g;

select is(
    told('boss', 'select trustcart_api.page_crm() #>> ''{tasks,total}'''), '0', 'nothing yet: no tasks'
);
select is(told('boss', 'select trustcart_api.page_crm() ->> ''engagements'''), '[]', 'no engagements');
select is(told('boss', 'select trustcart_api.page_crm() #>> ''{campaigns,items}'''), '[]', 'no campaigns');

insert into trustcart.customers (id, first_name, assigned_agent_id)
select g, 'C' || g, (array[1, 2, 11, null])[1 + g % 4] from generate_series(101, 160) as g;
insert into trustcart.crm_call_tasks (customer_id, assigned_agent_id, task_date, priority)
select
    101 + floor(random() * 60),
    (array[1, 2, 3, 11, 12, 13, null])[1 + floor(random() * 7)],
    trustcart.business_date() + (array[-1, 0, 0, 0, 1])[1 + floor(random() * 5)],
    (array['hot', 'warm', 'cold'])[1 + floor(random() * 3)]
from generate_series(1, 400);
update trustcart.crm_call_tasks
set status = 'completed', outcome = case when id % 2 = 0 then 'successful - ordered' else 'no_answer' end
where id % 3 = 0 and assigned_agent_id is not null;
update trustcart.crm_call_tasks set status = 'skipped' where id % 7 = 0 and status = 'pending';
update trustcart.crm_call_tasks set claimed_by = 1, claimed_at = now()
where id in (
    select t.id from trustcart.crm_call_tasks as t
    where t.assigned_agent_id is null and t.status = 'pending' and t.task_date = trustcart.business_date()
    order by t.id limit 3
);
insert into trustcart.customer_engagement_history (customer_id, engagement_type, channel, content, created_at)
select 101 + floor(random() * 60), 'call', 'phone', repeat('x', 200), now() - interval '1 hour' * g
from generate_series(1, 50) as g;
insert into trustcart.marketing_campaigns (id, campaign_name, is_active, start_date, end_date)
select g, 'K' || g, g % 5 <> 0, trustcart.business_date() - 10 + g, trustcart.business_date() + 9
from generate_series(1, 15) as g;

create function tap.seen(p_own bigint[]) returns setof trustcart.crm_call_tasks language sql stable as $$
select t.* from trustcart.crm_call_tasks as t
where p_own is null or t.assigned_agent_id = any(p_own) or t.claimed_by = any(p_own)
$$;

select is(
    told(w.login, 'select trustcart_api.page_crm() #>> ''{tasks,by_status}''')::jsonb,
    (
        select jsonb_agg(
            jsonb_build_object(
                'status', s.status,
                'tasks', (
                    select count(*) from tap.seen(w.own) as t
                    where t.task_date = trustcart.business_date() and t.status = s.status
                )
            )
            order by s.n
        )
        from unnest(array['pending', 'completed', 'skipped', 'carried', 'expired', 'cancelled'])
            with ordinality as s (status, n)
    ),
    w.login || ': tasks of today by status'
)
from (values ('boss', null::bigint[]), ('leader', '{1,2,3}'), ('agent_one', '{1}')) as w (login, own);
select is(
    told(w.login, 'select trustcart_api.page_crm() #>> ''{pending,by_priority}''')::jsonb,
    (
        select jsonb_agg(
            jsonb_build_object(
                'priority', p.priority,
                'tasks', (
                    select count(*) from tap.seen(w.own) as t
                    where
                        t.task_date = trustcart.business_date() and t.status = 'pending'
                        and t.priority = p.priority
                )
            )
            order by p.n
        )
        from unnest(array['hot', 'warm', 'cold']) with ordinality as p (priority, n)
    ),
    w.login || ': pending of today, hot first'
)
from (values ('boss', null::bigint[]), ('leader', '{1,2,3}'), ('agent_one', '{1}')) as w (login, own);
select is(
    told(w.login, 'select trustcart_api.page_crm() #>> ''{pending,left_over}''')::bigint,
    (select count(*) from tap.seen(w.own) as t where t.task_date < trustcart.business_date() and t.status = 'pending'),
    w.login || ': left over from earlier days'
)
from (values ('boss', null::bigint[]), ('leader', '{1,2,3}'), ('agent_one', '{1}')) as w (login, own);

select is(
    told('boss', 'select trustcart_api.page_crm() #>> ''{agents,more}'''), '6', 'twelve of eighteen agents'
);
select results_eq(
    $$select x.agent_id, x.total_tasks, x.completed_tasks, x.successful_calls, x.pending, x.success_rate
    from jsonb_to_recordset(told('boss', 'select trustcart_api.page_crm() #>> ''{agents,items}''')::jsonb) as x (
        agent_id bigint, total_tasks bigint, completed_tasks bigint, successful_calls bigint, pending bigint,
        success_rate numeric
    )$$,
    $$select
        p.agent_id, p.total_tasks, p.completed_tasks, p.successful_calls, p.pending,
        case when p.completed_tasks > 0 then p.success_rate end
    from trustcart.agent_performance(null, trustcart.business_date(), trustcart.business_date()) as p
    order by p.successful_calls desc, p.completed_tasks desc, p.total_tasks desc, p.agent_id
    limit 12$$,
    'as agent_performance() has them'
);
select is(
    jsonb_path_query_array(
        told('leader', 'select trustcart_api.page_crm() ->> ''agents''')::jsonb, '$.items[*].agent_id'
    ) @> '[1, 2, 3]',
    true, 'a leader: the team'
);
select is(
    jsonb_path_query_array(
        told('agent_one', 'select trustcart_api.page_crm() ->> ''agents''')::jsonb, '$.items[*].agent_id'
    ),
    '[1]', 'an agent: nobody else'
);

select results_eq(
    $$select (x ->> 'id')::bigint from jsonb_array_elements(
        told('boss', 'select trustcart_api.page_crm() #>> ''{campaigns,items}''')::jsonb
    ) as x$$,
    $$select m.id from trustcart.marketing_campaigns as m
    where m.is_active and m.start_date <= trustcart.business_date() and m.end_date >= trustcart.business_date()
    order by m.id desc limit 8$$,
    'active campaigns, the latest first'
);

select results_eq(
    $$select (x ->> 'id')::bigint from jsonb_array_elements(
        told('boss', 'select trustcart_api.page_crm() ->> ''engagements''')::jsonb
    ) as x$$,
    $$select e.id from trustcart.customer_engagement_history as e order by e.created_at desc, e.id desc limit 8$$,
    'the latest engagements'
);
select results_eq(
    $$select (x ->> 'id')::bigint from jsonb_array_elements(
        told('agent_one', 'select trustcart_api.page_crm() ->> ''engagements''')::jsonb
    ) as x$$,
    $$select e.id from trustcart.customer_engagement_history as e
    where e.customer_id in (
        select v.customer_id from trustcart_private.customers_of_agents as v where v.agent_id = 1
    )
    order by e.created_at desc, e.id desc limit 8$$,
    'an agent: of the customers whom the agent sees'
);
insert into trustcart.customers (id) values (999);
insert into trustcart.customer_engagement_history (customer_id, engagement_type)
select 999, 'message' from generate_series(1, 2100);
select results_eq(
    $$select (x ->> 'id')::bigint from jsonb_array_elements(
        told('leader', 'select trustcart_api.page_crm() ->> ''engagements''')::jsonb
    ) as x$$,
    $$select e.id from trustcart.customer_engagement_history as e
    where e.customer_id in (
        select v.customer_id from trustcart_private.customers_of_agents as v where v.agent_id in (1, 2, 3)
    )
    order by e.created_at desc, e.id desc limit 8$$,
    'also when thousands of others come after them'
);

select * from finish();
rollback;

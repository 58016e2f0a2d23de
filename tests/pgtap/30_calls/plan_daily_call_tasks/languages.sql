-- A customer's language and a call's skill decide who may make it, where rows say so; the plan says when that is why not.
begin;
select plan(13);

insert into trustcart.users (id, name, role)
values (1, 'Bangla', 'crm_agent'), (2, 'English', 'crm_agent'), (3, 'Any', 'crm_agent');
insert into trustcart.customers (id, first_name, date_of_birth, assigned_agent_id)
select g.n, 'Customer ' || g.n, '1990-06-18', 1 from generate_series(1, 6) as g (n);
insert into trustcart.customer_contact_preferences (customer_id, language)
values (1, 'en'), (2, 'en'), (3, 'bn'), (4, 'fr');
-- Nobody's languages are known: everybody speaks all.
select is_empty(
    $$select 1 from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.agent_id is distinct from 1$$,
    'as long as no agent has languages, they do not matter'
);
update trustcart.settings set calls_per_agent_day = 1;
select results_eq(
    $$select distinct p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.decision = 'dropped'$$,
    $$values ('no capacity')$$,
    'nor are they the reason then'
);
update trustcart.settings set calls_per_agent_day = 100;
insert into trustcart.agent_languages (agent_id, language) values (1, 'bn'), (2, 'en'), (2, 'bn');
select results_eq(
    $$select p.customer_id, p.agent_id, p.why_agent from trustcart.plan_daily_call_tasks('2025-06-18') as p
    order by 1$$,
    $$values (1::bigint, 2::bigint, 'agent 1 does not suit: the least loaded agent who speaks en'),
    (2, 2, 'agent 1 does not suit: the least loaded agent who speaks en'), (3, 1, 'the customer''s own agent'),
    (4, 3, 'agent 1 does not suit: the least loaded agent who speaks fr'), (5, 1, 'the customer''s own agent'),
    (6, 1, 'the customer''s own agent')$$,
    'an own agent without the language gives way; one without rows takes any'
);
update trustcart.users set is_active = false where id = 3;
select results_eq(
    $$select p.customer_id, p.agent_id, p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id in (2, 4) order by 1$$,
    $$values (2::bigint, 2::bigint, 'birthday on 2025-06-18'), (4, null, 'no capacity in fr')$$,
    'a language that nobody who works speaks'
);
update trustcart.settings set calls_per_agent_day = 1;
select results_eq(
    $$select p.customer_id, p.decision, p.agent_id, p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p
    where p.customer_id <= 3 order by 1$$,
    $$values (1::bigint, 'kept', 2::bigint, 'birthday on 2025-06-18'), (2, 'dropped', null, 'no capacity in en'),
    (3, 'kept', 1, 'birthday on 2025-06-18')$$,
    'one place for English: the first of the list has it'
);
update trustcart.settings set calls_per_agent_day = 100;

-- Skills.
update trustcart.users set is_active = true where id = 3;
delete from trustcart.agent_languages;
update trustcart.call_task_types set required_skill = 'win_back' where task_type = 'at_risk';
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (5, '2025-04-10', 100, 'delivered');
update trustcart.customers set date_of_birth = null where id = 5;
select is(
    (select p.agent_id from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 5),
    1::bigint,
    'as long as no agent has skills, none is asked for'
);
insert into trustcart.agent_skills (agent_id, skill) values (1, 'gold'), (2, 'win_back');
update trustcart.users set is_active = false where id = 3;
select results_eq(
    $$select p.agent_id, p.why_agent from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 5$$,
    $$values (2::bigint, 'agent 1 does not suit: the least loaded agent trained for win_back')$$,
    'who is trained for it'
);
select is(
    (
        select count(*) from trustcart.plan_daily_call_tasks('2025-06-18') as p
        where p.customer_id <> 5 and p.agent_id = 1
    ),
    5::bigint,
    'calls that ask for no skill stay with the own agent'
);
delete from trustcart.agent_skills where skill = 'win_back';
insert into trustcart.agent_skills (agent_id, skill) values (2, 'gold');
select is(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 5),
    'no capacity for win_back',
    'a skill that nobody has'
);
insert into trustcart.customer_contact_preferences (customer_id, language) values (5, 'en');
insert into trustcart.agent_languages (agent_id, language) values (1, 'en'), (2, 'bn');
insert into trustcart.agent_skills (agent_id, skill) values (2, 'win_back');
select is(
    (select p.why from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 5),
    'no capacity in en for win_back',
    'one has the language, the other the skill'
);
insert into trustcart.agent_languages (agent_id, language) values (2, 'en');
select is(
    (select p.why_agent from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.customer_id = 5),
    'agent 1 does not suit: the least loaded agent who speaks en trained for win_back',
    'both are told'
);

-- Scarce agents are kept for those whom nobody else can call, as far as the priority allows.
delete from trustcart.agent_skills;
delete from trustcart.agent_languages;
update trustcart.customers set assigned_agent_id = null;
update trustcart.settings set calls_per_agent_day = 2;
insert into trustcart.agent_languages (agent_id, language) values (1, 'bn'), (2, 'en'), (2, 'bn');
delete from trustcart.sales_orders;
delete from trustcart.customers where id > 4 or id = 4;
insert into trustcart.customers (id, first_name, date_of_birth)
values (10, 'Any', '1990-06-18'), (11, 'Any', '1990-06-18');
update trustcart.customer_contact_preferences set language = 'en' where customer_id <= 2;
select results_eq(
    $$select p.customer_id, p.agent_id from trustcart.plan_daily_call_tasks('2025-06-18') as p where p.decision = 'kept'
    order by 1$$,
    $$values (1::bigint, 2::bigint), (2, 2), (3, 1), (10, 1)$$,
    'both places of who speaks English go to those who need it'
);
select is(
    (select jsonb_agg(to_jsonb(p) order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-18') as p),
    (select jsonb_agg(to_jsonb(p) order by p.customer_id) from trustcart.plan_daily_call_tasks('2025-06-18') as p),
    'asked again, the same'
);

select * from finish();
rollback;

-- A web server's request: it becomes the user who asks, for one transaction, and the wall is that user's. A real one logs
-- in as a member of trustcart_gateway; the superuser who runs this may do the same.
begin;
\ir shop.sql

-- What an agent sees: her own customers and those on her calls, phones readable.
savepoint request;
select trustcart.act_as(9001);
select
    current_user as acting_role,
    trustcart.current_user_id();
select
    customer_id,
    first_name,
    phone
from trustcart.customer_360_view
where customer_id between 9001 and 9005
order by customer_id;
-- The rest of the guide's API asks the same question: is it one of yours?
select
    c.id,
    (
        select count(*) > 0 from trustcart.customers as mine
        where mine.id = c.id
    ) as may_see
from generate_series(9001, 9005) as c (id);
-- What she writes is hers.
select
    x.logged ->> 'agent_id' as agent_id,
    x.logged ->> 'agent_name' as agent_name
from trustcart_api.log_interaction(9001, 'call', p_outcome => 'successful', p_subject => 'Asked about ghee') as x (logged);
select trustcart_api.customer360(9001) ->> 'customer_type' as customer_type;
rollback to savepoint request;

-- What a reporting service sees: everybody, with masks.
set local role trustcart_service;
select
    customer_id,
    first_name,
    phone
from trustcart.customer_360_view
where customer_id between 9001 and 9005
order by customer_id;
reset role;

-- What was logged of a request: who, on whose behalf, what changed, with masks.
savepoint request;
select trustcart.act_as(9001);
select trustcart_api.add_family_member(9001, 'Rima Rahman', 'sister', p_phone => '01712345699') ->> 'name' as added;
reset role;
select
    user_id,
    action,
    table_name,
    acting_role,
    behalf,
    new_values
from trustcart.audit_logs
where customer_id = 9001 and table_name = 'customer_family_members'
order by id;
rollback to savepoint request;

rollback;

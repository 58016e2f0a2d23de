-- All that the Customer 360° dashboard shows, in one answer.
begin;
select plan(16);

create role page_manager login in role trustcart_manager;
create role page_agent login in role trustcart_agent;
insert into trustcart.users (id, name, role, db_role)
values (1, 'Agent', 'crm_agent', 'page_agent'), (4, 'Manager', 'crm_manager', 'page_manager');
insert into trustcart.customers (id, first_name, last_name, email, phone, mobile, assigned_agent_id, is_active) values
(1, 'Rahima', 'Begum', 'rahima@example.com', '01711-111111', '01722222222', 1, true),
(2, 'Land', 'Line', null, '02-9876543', null, null, true),
(3, 'Closed', null, null, '01733333333', null, null, false),
(4, null, null, null, 'ask the neighbour', null, null, true);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date() - 3, 500.50, 'delivered'), (2, trustcart.business_date() - 40, 100, 'delivered');
select trustcart.record_consent(1, 'sms', false, 'x');

set local session authorization page_manager;
create temporary table pages as
select
    trustcart_api.page_customers() as everybody,
    trustcart_api.page_customers(p_search => ' rah ') as found,
    trustcart_api.page_customers(p_temperature => 'hot', p_sort => 'last_order_date', p_limit => 1) as hot,
    trustcart_api.page_customers(p_limit => 1) as first_one;
create temporary table seconds as
select trustcart_api.page_customers(p_after => p.first_one ->> 'next', p_limit => 1) as second_one from pages as p;
create temporary table agents (whole jsonb);
grant insert on agents to page_agent;
set local session authorization page_agent;
insert into agents (whole) select trustcart_api.page_customers();
reset session authorization;

select is(
    (select p.everybody -> 'customers' -> 0 from pages as p),
    jsonb_build_object(
        'customer_id', 1, 'name', 'Rahima Begum', 'email', 'rahima@example.com', 'phone', '01711-111111',
        'dial', '+8801711111111', 'is_mobile', true, 'refused', '["sms"]'::jsonb, 'customer_type', 'new',
        'lifecycle_stage', 'new', 'temperature', 'hot', 'lifetime_value', 500.5, 'total_orders', 1,
        'last_order_date', trustcart.business_date() - 3, 'days_since_last_order', 3, 'loyalty_tier', null,
        'agent_name', 'Agent', 'is_active', true, 'is_erased', false
    ),
    'a row'
);
select is((select p.everybody #> '{customers,1,is_mobile}' from pages as p), 'false',
    'one does not write to a landline'
);
select is(
    (select p.everybody #> '{customers,2}' -> 'dial' from pages as p), 'null', 'nor dial what is no number'
);
select is(
    (select p.everybody #> '{customers,3,customer_id}' || (p.everybody #> '{customers,3,dial}') from pages as p),
    '[3, null]', 'nor a closed account'
);
select is((select p.everybody #>> '{frame,name}' from pages as p), 'Manager', 'the frame');
select is((select p.everybody -> 'match_count' from pages as p), 'null', 'nobody counts all customers');
select is((select p.everybody -> 'next' from pages as p), 'null', 'one page');
select is(
    (select p.found - 'customers' - 'frame' from pages as p),
    '{"customer_type": null, "lifecycle_stage": null, "temperature": null, "search": "rah", "sort": "lifetime_value",
    "after": null, "next": null, "search_kind": "name", "match_count": 1, "more_than": null, "is_unfinished": false}',
    'what was asked for and how many were found'
);
select is(
    (select p.hot #> '{customers,0,customer_id}' from pages as p), '1', 'by temperature and last order'
);
select is((select p.first_one ->> 'next' from pages as p), '500.5_1', 'where the next page begins');
select is((select s.second_one #> '{customers,0,customer_id}' from seconds as s), '2', 'which it does');
select is(
    (select jsonb_agg(c.value -> 'customer_id') from agents as a
        cross join lateral jsonb_array_elements(a.whole -> 'customers') as c), '[1]', 'an agent''s own'
);
insert into trustcart.customer_phone_flags (customer_id, phone) values (1, '+8801711111111');
set local session authorization page_manager;
create temporary table flagged as select trustcart_api.page_customers(p_search => '1') as page;
reset session authorization;
select is(
    (select f.page #>> '{customers,0,dial}' from flagged as f), '+8801722222222', 'the number that is left of two'
);
select is(
    tap.told('page_manager', 'select trustcart_api.page_customers(p_temperature => ''tepid'')'), 'TC002',
    'an unknown temperature'
);
select is(
    tap.told('page_manager', 'select trustcart_api.page_customers(p_after => ''x'')'), 'TC005', 'a cursor that is none'
);
select is(tap.told('page_manager', 'select trustcart_api.page_customers(p_limit => 0)'), 'TC005', 'a limit of 0');

select * from finish();
rollback;

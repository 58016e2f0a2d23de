-- The campaigns, the latest first, page by page, by status; managers alone.
begin;
select plan(9);

insert into trustcart.users (id, name, role) values (4, 'Boss', 'crm_manager');
create role boss login in role trustcart_manager;
create role one login in role trustcart_agent;
update trustcart.users set db_role = 'boss' where id = 4;
insert into trustcart.users (id, name, db_role, role) values (1, 'One', 'one', 'crm_agent');

insert into trustcart.customers (id, first_name, phone)
select g, 'C' || g, '0171100000' || g from generate_series(1, 5) as g;

insert into trustcart.marketing_campaigns (id, campaign_name, message_template, start_date, end_date, is_active) values
(1, 'Over', 'x', trustcart.business_date() - 9, trustcart.business_date() - 1, true),
(2, 'Off', 'x', null, null, false),
(3, 'Later', 'x', trustcart.business_date() + 1, null, true),
(4, 'On', 'x', null, null, true);

create function pg_temp.ids(p_page jsonb) returns text language sql as
$$select string_agg(c ->> 'id', ' ') from jsonb_array_elements(p_page -> 'campaigns') as c$$;
set session authorization boss;
create temporary table page as select trustcart_api.page_automation() as p;
reset session authorization;
select is(pg_temp.ids((select p from page)), '4 3 2 1', 'the latest first');
select is(
    (select p -> 'campaigns' -> 0 from page),
    '{"id": 4, "campaign_name": "On", "campaign_type": "sms", "target_segment": "all", "trigger_event": null,
    "start_date": null, "end_date": null, "is_active": true, "is_scheduled": false, "is_sent": false, "status": "active",
    "sent": 0, "responded": 0}'::jsonb, 'with what it carries'
);
select is((select p -> 'frame' ->> 'name' from page), 'Boss', 'in its frame');
select is(
    told('boss', $$select string_agg(s || ':' || (trustcart_api.page_automation(s) -> 'campaigns' -> 0 ->> 'id'), ' ' order by s)
        from unnest('{active,scheduled,ended,inactive}'::text[]) as s$$),
    'active:4 ended:1 inactive:2 scheduled:3', 'by status'
);
select is(told('boss', $$select trustcart_api.page_automation(null, null, 3) ->> 'next_before'$$), '2', 'there is more below 2');
select is(told('boss', $$select trustcart_api.page_automation(null, 2, 3) -> 'campaigns' -> 0 ->> 'id'$$), '1', 'the next page');
select is(told('boss', $$select coalesce(trustcart_api.page_automation(null, 2, 3) ->> 'next_before', 'none')$$), 'none', 'the last');
select is(
    told('boss', $$select trustcart_api.page_automation('open')$$) || ' ' || told('boss', $$select trustcart_api.page_automation(null, null, 0)$$),
    'TC002 TC005', 'what is refused'
);
select is(told('one', 'select trustcart_api.page_automation()'), '42501', 'not an agent''s');

select * from finish();
rollback;

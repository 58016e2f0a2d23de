-- The guide's five and saved ones; more in tests/python/test_campaign_properties.py.
begin;
select plan(13);

insert into trustcart.customers (id, district, is_active, first_name)
values
(1, 'dhaka', true, 'Prospect'), (2, null, true, 'New'), (3, 'Dhaka ', true, 'Repeat'),
(4, 'Dhaka', true, 'Inactive'), (5, 'Dhaka', false, 'Gone'), (6, 'x'' or true --', true, 'Vip');
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select v.c, trustcart.business_date() - v.days, v.amount, 'delivered'
from (values (2, 5, 100), (3, 40, 100), (3, 4, 100), (4, 95, 100), (5, 5, 100), (6, 1, 60000)) as v (c, days, amount);

create function pg_temp.who(p_segment text, p_as_of date default trustcart.business_date()) returns bigint[]
language sql as $$select array(select s from trustcart.segment_customers(p_segment, p_as_of) as s order by 1)$$;
create function pg_temp.rule(p_rules jsonb, p_as_of date default trustcart.business_date()) returns bigint[] language plpgsql as $$
begin
    perform trustcart.create_segment('it', p_rules, p_replace => true);
    return pg_temp.who('it', p_as_of);
end;
$$;
select is(pg_temp.who('ALL'), '{1,2,3,4,6}', 'all is every active customer');
select is(pg_temp.who('new'), '{2}', 'new');
select is(pg_temp.who('repeat'), '{3}', 'repeat');
select is(pg_temp.who('vip'), '{6}', 'vip');
select is(pg_temp.who('inactive'), '{4}', 'inactive');
select throws_ok($$select trustcart.segment_customers('gold')$$, 'TC002', 'there is no segment ''gold''', 'unknown');
select throws_ok($$select trustcart.segment_customers(null)$$, 'TC003', null, 'none');
select throws_ok($$select trustcart.segment_customers('all', 'infinity')$$, 'TC001', null, 'no date');
select is(pg_temp.rule('[{"attribute": "district", "words": ["DHAKA"]}]'), '{1,3,4}', 'a place, whatever the case');
select is(pg_temp.rule('[{"attribute": "district", "words": ["DHAKA"], "exclude": true}]'), '{2,6}', 'not there, or nowhere');
select is(
    pg_temp.rule(jsonb_build_array(jsonb_build_object('attribute', 'district', 'words', jsonb_build_array('x'' or true --')))),
    '{6}', 'a word is a word'
);
select is(
    pg_temp.rule('[{"attribute": "days_since_last_order", "at_most": 6}]', trustcart.business_date() + 2), '{3,6}',
    'days count from the date asked for'
);
delete from trustcart.segment_rules;
select is(pg_temp.who('it'), '{}', 'a segment that lost its rules is not everybody');

select * from finish();
rollback;

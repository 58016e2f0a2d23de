-- Rules are typed, of fixed vocabularies, and no SQL.
begin;
select plan(34);

insert into trustcart.categories (name) values ('Honey');
select isnt(
    trustcart.create_segment(
        ' Dhaka_Best ',
        '[{"attribute": "district", "words": ["Dhaka", " Sylhet "]}, {"attribute": "total_spend", "at_least": 5000},
        {"attribute": "has_children", "exclude": true}, {"attribute": "order_count", "at_least": 2, "at_most": 5.5}]',
        'The best of Dhaka'
    ),
    null, 'saved'
);
select results_eq(
    'select r.attribute, r.kind, r.is_excluded, r.words, r.at_least, r.at_most from trustcart.segment_rules as r order by r.id',
    $$values
    ('district', 'words', false, '{Dhaka,Sylhet}'::text[], null::numeric, null::numeric),
    ('total_spend', 'range', false, null, 5000, null),
    ('has_children', 'flag', true, null, null, null),
    ('order_count', 'range', false, null, 2, 5.5)$$,
    'as rows'
);
select is((select s.name from trustcart.segments as s), 'dhaka_best', 'the name in lower case');
select throws_ok(
    $$select trustcart.create_segment('dhaka_best', '[{"attribute": "has_children"}]')$$, 'TC110',
    'there is a segment dhaka_best already', 'once'
);
select lives_ok(
    $$select trustcart.create_segment('dhaka_best', '[{"attribute": "gender", "words": ["FEMALE"]}]', p_replace => true)$$,
    'unless replaced'
);
select is(
    (select string_agg(r.attribute || r.words::text, '') from trustcart.segment_rules as r), 'gender{female}', 'by the new rules alone'
);
select is((select s.description from trustcart.segments as s), 'The best of Dhaka', 'the description stays');

create temporary table wrong (name text, rules jsonb, sqlstate text);
insert into wrong values
(null, '[{"attribute": "has_children"}]', 'TC003'),
('all', '[{"attribute": "has_children"}]', 'TC005'),
('a b', '[{"attribute": "has_children"}]', 'TC005'),
(repeat('a', 101), '[{"attribute": "has_children"}]', 'TC005'),
('x', null, 'TC003'),
('x', '[]', 'TC003'),
('x', '{"attribute": "has_children"}', 'TC005'),
('x', '["has_children"]', 'TC005'),
('x', '[{"words": ["vip"]}]', 'TC003'),
('x', '[{"attribute": "shoe_size", "at_least": 1}]', 'TC002'),
('x', '[{"attribute": "customer_type", "words": ["gold"]}]', 'TC002'),
('x', '[{"attribute": "loyalty_tier", "words": ["wood"]}]', 'TC002'),
('x', '[{"attribute": "category_bought", "words": ["Honny"]}]', 'TC002'),
('x', '[{"attribute": "rfm_segment", "words": ["Champion"]}]', 'TC002'),
('x', '[{"attribute": "rfm_segment", "at_least": 5}]', 'TC005'),
('x', '[{"attribute": "p_alive", "words": ["high"]}]', 'TC005'),
('x', '[{"attribute": "expected_value_90_days", "at_least": "1000"}]', 'TC005'),
('x', '[{"attribute": "customer_type", "words": []}]', 'TC003'),
('x', '[{"attribute": "customer_type", "words": [" "]}]', 'TC003'),
('x', '[{"attribute": "customer_type", "words": "vip"}]', 'TC005'),
('x', '[{"attribute": "customer_type", "at_least": 1}]', 'TC005'),
('x', '[{"attribute": "total_spend"}]', 'TC003'),
('x', '[{"attribute": "total_spend", "at_least": "1"}]', 'TC005'),
('x', '[{"attribute": "total_spend", "at_least": 9, "at_most": 1}]', 'TC005'),
('x', '[{"attribute": "has_children", "exclude": "yes"}]', 'TC005'),
('x', '[{"attribute": "has_children", "sql": "1=1"}]', 'TC005');
select throws_ok(
    format('select trustcart.create_segment(%L, %L)', w.name, w.rules), w.sqlstate, null, concat(w.name, ' ', w.rules)
)
from wrong as w;
select throws_ok(
    $$insert into trustcart.segment_rules (segment_id, attribute, kind, words)
    select s.id, 'temperature', 'flag', '{boiling}' from trustcart.segments as s$$,
    'TC002', '''boiling'' is no temperature', 'a plain insert is checked, too'
);

select * from finish();
rollback;

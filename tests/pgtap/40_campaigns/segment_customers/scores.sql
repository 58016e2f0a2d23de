-- Segments by what the model and the RFM quintiles say; who has no score is in none.
begin;
select plan(16);

insert into trustcart.customers (id, first_name)
select g, 'Customer ' || g from generate_series(1, 4) as g;
insert into trustcart.customer_models (
    fitted_on, orders_from, orders_to, customers, repeat_customers, order_groups, r, alpha, a, b, log_likelihood,
    evaluations, value_customers, value_groups, is_converged
)
values ('2025-07-01', '2025-01-01', '2025-06-30', 3, 3, 3, 1, 1, 1, 1, -1, 1, 0, 0, true);
insert into trustcart.customer_scores (
    customer_id, model_id, repeat_orders, first_order_date, last_order_date, p_alive, expected_orders_90_days,
    expected_value_90_days, scored_on, valid_until
)
select v.c, m.id, 1, '2025-01-01', '2025-05-01', v.p, v.o, v.taka, '2025-07-02', '2025-08-01'
from (values (1, 0.1 + 0.2, 0.5, 700), (2, 0.9, 4.25, 6000), (3, 1, 0, 0)) as v (c, p, o, taka)
cross join trustcart.customer_models as m;
insert into trustcart.rfm_segments (recency_score, value_score, segment)
values (5, 5, 'Best'' or true --')
on conflict (recency_score, value_score) do update set segment = excluded.segment;
insert into trustcart.customer_rfm (customer_id, recency_score, frequency_score, monetary_score, segment, since)
values (1, 2, 4, 4, 'At risk', '2025-07-02'), (2, 5, 5, 5, 'Best'' or true --', '2025-07-02'),
(3, 1, 1, 1, 'Lost', '2025-07-02');

create function pg_temp.rule(p_rules jsonb) returns bigint[] language plpgsql as $$
begin
    perform trustcart.create_segment('it', p_rules, p_replace => true);
    return array(select s from trustcart.segment_customers('it') as s order by 1);
end;
$$;
select is(pg_temp.rule('[{"attribute": "p_alive", "at_least": 0.3}]'), '{1,2,3}', 'p_alive, the bound included');
select is(pg_temp.rule('[{"attribute": "p_alive", "at_most": 0.3}]'), '{1}', 'at the other end, too');
select is(pg_temp.rule('[{"attribute": "p_alive", "at_least": 0.5, "at_most": 0.95}]'), '{2}', 'between two');
select is(
    pg_temp.rule('[{"attribute": "p_alive", "at_least": 0}]'), '{1,2,3}', 'who has no score is not in it, however low the bound'
);
select is(pg_temp.rule('[{"attribute": "p_alive", "at_least": 0.5, "exclude": true}]'), '{1,4}', 'nor is left out by it');
select is(pg_temp.rule('[{"attribute": "expected_orders_90_days", "at_least": 0.5}]'), '{1,2}', 'orders expected');
select is(
    pg_temp.rule('[{"attribute": "expected_orders_90_days", "at_most": 4.25}]'), '{1,2,3}', 'a part of an order is one'
);
select is(pg_temp.rule('[{"attribute": "expected_value_90_days", "at_least": 700}]'), '{1,2}', 'value expected');
select is(
    pg_temp.rule('[{"attribute": "expected_value_90_days", "at_least": 700}, {"attribute": "p_alive", "at_most": 0.5}]'), '{1}',
    'both must hold'
);
select is(
    pg_temp.rule('[{"attribute": "p_alive", "at_least": -1e400, "at_most": 1e400}]'), '{1,2,3}', 'bounds beyond any double'
);
select is(pg_temp.rule('[{"attribute": "p_alive", "at_most": 1e-400}]'), '{}', 'and too small for one');
select is(pg_temp.rule('[{"attribute": "rfm_segment", "words": [" at RISK", "Lost"]}]'), '{1,3}', 'by name, whatever the case');
select is(pg_temp.rule('[{"attribute": "rfm_segment", "words": ["Lost"], "exclude": true}]'), '{1,2,4}', 'not of that name, or of none');
select is(
    pg_temp.rule(jsonb_build_array(jsonb_build_object('attribute', 'rfm_segment', 'words', jsonb_build_array('best'' OR true --')))),
    '{2}', 'a name of the shop''s own is a name, and no SQL'
);
select throws_ok(
    $$select pg_temp.rule('[{"attribute": "rfm_segment", "words": ["Champions'') or (true"]}]')$$, 'TC002',
    '''Champions'''') or (true'' is no rfm segment', 'another is refused'
);
select is(trustcart.segment_count('it'), 1::bigint, 'and leaves the segment as it was');

select * from finish();
rollback;

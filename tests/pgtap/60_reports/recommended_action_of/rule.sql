-- The guide's CASE: at risk before VIP before new.
begin;
select plan(1);

select results_eq(
    $$select s.stage, t.type, trustcart.recommended_action_of(s.stage, t.type)
    from (values (1, 'at_risk'), (2, 'active'), (3, null)) as s (n, stage)
    cross join (values (1, 'vip'), (2, 'new'), (3, 'repeat'), (4, null)) as t (n, type)
    order by s.n, t.n$$,
    $$values
    ('at_risk', 'vip', 'Send discount offer'), ('at_risk', 'new', 'Send discount offer'),
    ('at_risk', 'repeat', 'Send discount offer'), ('at_risk', null, 'Send discount offer'),
    ('active', 'vip', 'Personal call from manager'), ('active', 'new', 'Welcome gift voucher'),
    ('active', 'repeat', 'Regular follow-up'), ('active', null, 'Regular follow-up'),
    (null, 'vip', 'Personal call from manager'), (null, 'new', 'Welcome gift voucher'),
    (null, 'repeat', 'Regular follow-up'), (null, null, 'Regular follow-up')$$,
    'as the guide has it, and never null'
);

select * from finish();
rollback;

-- What the plan says of dropped candidates, without dates and counts; of several reasons the one of the call's type.
begin;
select plan(14);

select is(trustcart.drop_reason(c.why, c.task_type), c.reason, c.why)
from (
    values
    ('no capacity', 'at_risk', 'no capacity'),
    ('no capacity: holiday: Eid; on leave', 'at_risk', 'no capacity'),
    ('no capacity in bn for vip_care', 'at_risk', 'no capacity'),
    ('at_risk: cadence exhausted, 2 calls since 2025-06-01', 'at_risk', 'cadence exhausted'),
    ('at_risk: called on 2025-06-01, less than 14 days ago', 'at_risk', 'called less than 14 days ago'),
    ('birthday: called for it already; new_customer: type disabled', 'new_customer', 'type disabled'),
    ('birthday: called for it already; new_customer: type disabled', 'birthday', 'called for it already'),
    ('birthday: called for it already; new_customer: type disabled', 'at_risk', 'birthday: called for it already'),
    ('contacted 4 times in seven days; do not call', 'at_risk', 'contacted often enough in seven days'),
    ('not_interested on 2025-06-01, no calls for 30 days', 'at_risk', 'not_interested, no calls for 30 days'),
    ('has a task already: 17', 'at_risk', 'has a task already'),
    ('planned for 2025-06-01 and not called in time', 'at_risk', 'not called in time'),
    ('the customer is inactive', 'at_risk', 'the customer is inactive'),
    (null, 'at_risk', null)
) as c (why, task_type, reason);

select * from finish();
rollback;

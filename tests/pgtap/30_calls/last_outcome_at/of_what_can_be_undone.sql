-- When the outcome came that can be undone: the call was closed with it, or it was an attempt.
begin;
select plan(1);

select results_eq(
    $$select trustcart.last_outcome_at(v.status, v.closed_at::timestamptz, v.before_outcome::jsonb) from (
        values
        (1, 'completed', '2025-12-19 10:00+06', '{}'), (2, 'skipped', '2025-12-19 11:00+06', '{}'),
        (3, 'pending', null, '{"attempted_at": "2025-12-19 12:00+06"}'),
        (4, 'completed', '2025-12-19 13:00+06', null), (5, 'pending', null, null)
    ) as v (place, status, closed_at, before_outcome) order by v.place$$,
    array[
        '2025-12-19 10:00+06', '2025-12-19 11:00+06', '2025-12-19 12:00+06', null, null
    ]::timestamptz[],
    'completed, skipped, tried; closed without an outcome of an agent''s, and not yet called'
);

select * from finish();
rollback;

begin;
select plan(3);

select is(
    trustcart.add_job_results(
        '{"as_of": "2025-06-01", "rows": 2, "by_table": {"a": 1, "b": 1}, "is_complete": false}',
        '{"as_of": "2025-06-01", "rows": 3, "by_table": {"b": 2, "c": 1}, "is_complete": true}'
    ),
    '{"as_of": "2025-06-01", "rows": 5, "by_table": {"a": 1, "b": 3, "c": 1}, "is_complete": true}',
    'counts are added up, within objects too; of the rest the latest stands'
);
select is(trustcart.add_job_results('{"a": 1.5}', '{"b": 1}'), '{"a": 1.5, "b": 1}', 'what one alone says stays');
select is(trustcart.add_job_results('{}', '{}'), '{}', 'nothing and nothing');

select * from finish();
rollback;

-- What runs and commits is tested in tests/python/test_jobs.py; here, what is refused before.
begin;
select plan(3);
select throws_ok($$ call trustcart.attempt_job('nonsense', '2025-12-19') $$, 'TC002', null, 'a job that is none');
select throws_ok($$ call trustcart.attempt_job('detect_dropoffs', 'infinity') $$, 'TC001', null, 'a date that is none');
select is_empty($$ select from trustcart.job_runs $$, 'no run is noted');
select * from finish();
rollback;

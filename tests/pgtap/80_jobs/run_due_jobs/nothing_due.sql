-- What runs and commits is tested in tests/python/test_jobs.py; here, what is passed over.
begin;
select plan(2);
update trustcart.job_schedules set is_enabled = false;
select lives_ok($$ call trustcart.run_due_jobs() $$, 'with no job enabled nothing runs');
select is_empty($$ select from trustcart.job_runs $$, 'and no run is noted');
select * from finish();
rollback;

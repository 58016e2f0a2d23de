begin;
select plan(3);
select lives_ok($$ select trustcart.check_job_date('2025-12-19') $$, 'a date');
select throws_ok($$ select trustcart.check_job_date('infinity') $$, 'TC001', null, 'no date');
select throws_ok($$ select trustcart.check_job_date(null) $$, 'TC001', null, 'nothing');
select * from finish();
rollback;

begin;
select plan(1);
select matches(trustcart.version(), '^\d+\.\d+\.\d+$', 'the version of the package that migrated');
select * from finish();
rollback;

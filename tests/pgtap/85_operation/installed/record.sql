-- What migrate has on record, for those who may not read its tables.
begin;
select plan(4);
select is(trustcart.installed() ->> 'version', trustcart.version(), 'the version');
select is(
    jsonb_array_length(trustcart.installed() -> 'objects'), (select count(*)::integer from trustcart_private.bundle_objects),
    'every file'
);
select ok(trustcart.installed() -> 'migrations' ? '0001_settings', 'the migrations');
delete from trustcart_private.installation;
select is(trustcart.installed() ->> 'version', null, 'none while a migrate has not come to its end, and still an answer');
select * from finish();
rollback;

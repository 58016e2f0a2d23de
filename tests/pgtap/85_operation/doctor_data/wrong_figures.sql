-- Figures that differ from the orders, disabled triggers, an audit that was tampered with or is not sealed.
begin;
select plan(13);
create function pg_temp.said(p_check text, p_full boolean default false) returns text language sql as
$$ select d.status || ': ' || d.finding from trustcart.doctor_data(p_full) as d where d.check_name = p_check $$;
insert into trustcart.customers (id, first_name) values (-5, 'A'), (1, 'B'), (2, 'C'), (900000, 'D');
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (2, trustcart.business_date(), 100);

select is(
    pg_temp.said('state'), 'ok: 4 customers looked at, none is wrong (a sample; --full looks at all)', 'few are all looked at'
);
select is(pg_temp.said('state', true), 'ok: 4 customers looked at, none is wrong', 'or all are wanted');
select is(pg_temp.said('triggers'), 'ok: all enabled', 'triggers');
alter table trustcart.sales_orders disable trigger user;
select matches(pg_temp.said('triggers'), '^critical: disabled: .* on trustcart.sales_orders, .* more$', 'disabled ones');
insert into trustcart.sales_orders (customer_id, order_date, total_amount) values (2, trustcart.business_date(), 50);
alter table trustcart.sales_orders enable trigger user;
select is(
    pg_temp.said('state'), 'critical: 1 of 4 customers looked at are wrong: 2 (a sample; --full looks at all)', 'a lost order'
);
select is(pg_temp.said('state', true), 'critical: 1 of 4 customers looked at are wrong: 2', 'wherever it is');

select is(pg_temp.said('audit'), 'ok: nothing is sealed yet', 'an audit without seals');
select matches(pg_temp.said('audit_seals'), '^ok: the oldest row', 'which is young');
update trustcart.audit_logs set created_at = created_at where false;
insert into trustcart.audit_logs (action, created_at) values ('old', now() - interval '3 hours');
select is(
    pg_temp.said('audit_seals'), 'warning: the oldest row that is not sealed is 03:00:00 old', 'rows wait for their seal'
);
insert into trustcart.audit_logs (action, created_at) values ('old', now() - interval '3 days 1 hour');
select is(
    pg_temp.said('audit_seals'), 'critical: the oldest row that is not sealed is 3 days 01:00:00 old', 'for days'
);
insert into trustcart.audit_seals (position, audit_id, audit_created_at, sealed_below, row_digest, chain_hash)
select
    n.position, l.id, l.created_at, '1', trustcart_private.audit_row_digest(l), sha256('wrong')
from (values (1, 'old')) as n (position, action)
inner join trustcart.audit_logs as l on l.action = n.action
order by l.id
limit 1;
insert into trustcart.audit_seals (position, audit_id, audit_created_at, sealed_below, row_digest, chain_hash)
select 3, l.id, l.created_at, '1', trustcart_private.audit_row_digest(l), sha256('wrong')
from trustcart.audit_logs as l
order by l.id desc
limit 1;
select is(
    pg_temp.said('audit'), 'critical: 2 faults, such as: links are missing before this one', 'the newest links do not fit'
);
select matches(pg_temp.said('audit', true), '^critical: \d+ faults', 'nor does the whole');
select is(
    (select count(*) from trustcart.doctor_data() as d where (d.remedy is null) <> (d.status = 'ok')), 0::bigint,
    'whatever is not well has its remedy'
);
select * from finish();
rollback;

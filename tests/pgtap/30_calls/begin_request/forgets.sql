-- Requests that nobody repeats any more go away by and by, those of the last week stay.
begin;
select plan(3);

update trustcart.settings set call_requests_keep_days = 7;
insert into trustcart_private.call_requests (request_id, operation, arguments, requested_at)
select 'old ' || g.n, 'f', '[]', now() - interval '8 days' from generate_series(1, 5) as g (n);
insert into trustcart_private.call_requests (request_id, operation, arguments, requested_at)
select 'recent ' || g.n, 'f', '[]', now() - interval '6 days' from generate_series(1, 5) as g (n);

select trustcart_private.begin_request('new 1', 'f', '[]');
select is(
    (select count(*) from trustcart_private.call_requests as r where r.request_id like 'old%'), 3::bigint,
    'each new request clears two away'
);
select trustcart_private.begin_request('new 1', 'f', '[]');
select is(
    (select count(*) from trustcart_private.call_requests as r where r.request_id like 'old%'), 3::bigint,
    'a repeated one none'
);
select trustcart_private.begin_request('new 2', 'f', '[]');
select trustcart_private.begin_request('new 3', 'f', '[]');
select results_eq(
    $$select split_part(r.request_id, ' ', 1), count(*) from trustcart_private.call_requests as r group by 1 order by 1$$,
    $$values ('new', 3::bigint), ('recent', 5)$$,
    'in the end the old ones are gone, and only they'
);

select * from finish();
rollback;

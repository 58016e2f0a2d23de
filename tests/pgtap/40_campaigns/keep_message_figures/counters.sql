-- sent_count and response_count are the messages', whatever is done to these or to them.
begin;
select plan(11);

insert into trustcart.customers (id) select 900000 + n from generate_series(1, 9) as g (n);
insert into trustcart.marketing_campaigns (id, campaign_name, sent_count) values (900001, 'One', 5), (900002, 'Two', 5);
create temporary view counts as
select k.sent_count, k.response_count from trustcart.marketing_campaigns as k order by k.id;

insert into trustcart.campaign_messages (id, campaign_id, customer_id, channel, address)
select 900000 + n, 900001 + n % 2, 900000 + n, 'sms', 'a' || n from generate_series(1, 9) as g (n);
select results_eq('select * from counts', 'values (0, 0), (0, 0)', 'queued is not sent');
update trustcart.campaign_messages set status = 'sent', sent_at = now();
select results_eq('select * from counts', 'values (4, 0), (5, 0)', 'sent, of two campaigns in one statement');
update trustcart.campaign_messages set responded_at = now() where id <= 900003;
select results_eq('select * from counts', 'values (4, 1), (5, 2)', 'answered');
update trustcart.campaign_messages set responded_at = now() + interval '1 day', delivered_at = now();
select results_eq('select * from counts', 'values (4, 4), (5, 5)', 'answered once more: once');
update trustcart.campaign_messages set campaign_id = 900001 where id = 900001;
select results_eq('select * from counts', 'values (5, 5), (4, 4)', 'moved to another campaign');
update trustcart.marketing_campaigns set sent_count = 77, response_count = 77;
select results_eq('select * from counts', 'values (5, 5), (4, 4)', 'written by hand: undone');
delete from trustcart.campaign_messages where id in (900001, 900003);
select results_eq('select * from counts', 'values (4, 4), (3, 3)', 'deleted');
update trustcart.campaign_messages set status = 'queued', sent_at = null, responded_at = null, delivered_at = null
where id = 900002;
select results_eq('select * from counts', 'values (3, 3), (3, 3)', 'not sent after all');
insert into trustcart.campaign_messages (campaign_id, customer_id, channel, address, status, sent_at, responded_at)
values (900002, 900001, 'email', 'a@example.com', 'sent', now(), now());
select results_eq('select * from counts', 'values (3, 3), (4, 4)', 'entered as sent');
select is_empty('select * from trustcart.check_campaigns()', 'as the check has it');
truncate trustcart.campaign_messages cascade;
select results_eq('select * from counts', 'values (0, 0), (0, 0)', 'all gone');

select * from finish();
rollback;

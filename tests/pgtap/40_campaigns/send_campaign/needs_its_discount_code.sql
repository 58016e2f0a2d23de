-- A text that names {{ discount_code }} goes out with one: an offer with a hole in it cannot be taken back.
begin;
select plan(7);

insert into trustcart.customers (id, first_name, phone) values (1, 'A', '01711000001');
insert into trustcart.marketing_campaigns (id, campaign_name, message_template, subject, campaign_type)
values
(1, 'Text', 'Use {{ discount_code }}', null, 'sms'), (2, 'Subject', 'Hi', 'Use {{discount_code}}', 'email'),
(3, 'Variants', null, null, 'sms'), (4, 'Variants of a text', 'Use {{ discount_code }}', null, 'sms');
insert into trustcart.campaign_variants (campaign_id, variant, message_template)
values (3, 'A', 'Hi'), (3, 'B', 'Use {{ discount_code }}'), (4, 'A', 'Hi');

select throws_ok(
    'select trustcart.send_campaign(1)', 'TC110', 'campaign 1 (Text) has no discount_code, which its text names',
    'the text'
);
select throws_ok('select trustcart.send_campaign(2)', 'TC110', null, 'the subject');
select throws_ok('select trustcart.send_campaign(3)', 'TC110', null, 'one of the variants');
select lives_ok('select trustcart.send_campaign(4)', 'a text that nobody gets names nothing');
select is(
    trustcart.preview_campaign(1) ->> 'problem', 'campaign 1 (Text) has no discount_code, which its text names',
    'the preview says so before'
);
update trustcart.marketing_campaigns set discount_code = 'EID20' where id = 3;
select lives_ok('select trustcart.send_campaign(3)', 'with one it goes out');
update trustcart.template_variables set fallback = 'WELCOME' where name = 'discount_code';
select lives_ok('select trustcart.send_campaign(1)', 'and where the variable has a fallback');

select * from finish();
rollback;

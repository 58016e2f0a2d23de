-- The texts of variants are templates, too.
begin;
select plan(5);

insert into trustcart.marketing_campaigns (id, campaign_name, trigger_event) values (1, 'Plain', null), (2, 'Event', 'birthday');
select lives_ok(
    $$insert into trustcart.campaign_variants (campaign_id, variant, message_template) values (1, 'A', '{{ name }}')$$, 'right'
);
select throws_ok(
    $$insert into trustcart.campaign_variants (campaign_id, variant, message_template) values (1, 'B', '{{ nam }}')$$,
    'TC006', 'variant B, message_template: {{ nam }} at position 1 is not known', 'wrong'
);
select throws_ok($$update trustcart.campaign_variants set subject = '}}'$$, 'TC006', null, 'subject');
select lives_ok(
    $$insert into trustcart.campaign_variants (campaign_id, variant, message_template) values (2, 'A', '{{ event_date }}')$$,
    'an event'
);
select throws_ok(
    $$update trustcart.marketing_campaigns set trigger_event = null where id = 2$$, 'TC006', null,
    'which a campaign does not lose while a variant names it'
);

select * from finish();
rollback;

-- A segment that a campaign names stays.
begin;
select plan(5);

select trustcart.create_segment(s, '[{"attribute": "has_children"}]') from unnest(array['used', 'free']) as s;
insert into trustcart.marketing_campaigns (id, campaign_name, target_segment) values (1, 'Eid', 'used');
select throws_ok(
    $$delete from trustcart.segments where name = 'used'$$, 'TC110', 'segment used is the target of campaign 1 (Eid)', 'delete'
);
select throws_ok($$update trustcart.segments set name = 'other' where name = 'used'$$, 'TC110', null, 'rename');
select lives_ok($$update trustcart.segments set description = 'x' where name = 'used'$$, 'describe');
select lives_ok($$delete from trustcart.segments where name = 'free'$$, 'one not in use goes');
update trustcart.marketing_campaigns set target_segment = 'all';
select lives_ok($$delete from trustcart.segments where name = 'used'$$, 'and one not in use any more');

select * from finish();
rollback;

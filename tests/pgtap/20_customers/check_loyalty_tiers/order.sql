begin;
select plan(3);
select throws_ok(
    $$ update trustcart.loyalty_tiers set min_spend = 60000 where tier = 'silver' $$, 'TC005',
    'the ranks of loyalty_tiers are not in the order of min_spend', 'silver does not take more than gold'
);
select throws_ok(
    $$ insert into trustcart.loyalty_tiers (tier, rank, min_spend, description) values ('bronze', 40, 5000, 'Bronze') $$,
    'TC005', null, 'the lowest has the lowest rank'
);
select lives_ok(
    $$ insert into trustcart.loyalty_tiers (tier, rank, min_spend, description) values ('bronze', 5, 5000, 'Bronze') $$,
    'then it is one'
);
select * from finish();
rollback;

drop table if exists trustcart_private.changed_baskets;
drop table if exists trustcart_private.counted_baskets;
drop table if exists trustcart.product_pairs;
drop table if exists trustcart.product_figures;
drop table if exists trustcart.recommendation_state;
drop table if exists trustcart.product_recommendation_rules;
alter table if exists trustcart.settings
drop column if exists recently_bought_days,
drop column if exists popular_within_days,
drop column if exists min_pair_orders,
drop column if exists min_repeat_customers;
delete from trustcart.job_runs
where job_name = 'refresh_recommendations';
delete from trustcart.job_schedules
where job_name = 'refresh_recommendations';

create or replace view trustcart.cohort_retention
with (security_invoker = true) as
select
    m.cohort,
    m.month_number,
    f.customers as cohort_customers,
    m.customers,
    round(m.customers::numeric / f.customers, 4) as retention,
    m.orders,
    m.revenue,
    round(sum(m.revenue) over (partition by m.cohort order by m.month_number) / f.customers, 2)
        as value_per_customer
from trustcart.cohort_months as m
inner join trustcart.cohort_months as f on m.cohort = f.cohort and f.month_number = 0;

comment on view trustcart.cohort_retention is
'Cohorts: who came in a month, how many of them ordered in each month since, and what they have brought; as of the last
refresh_cohorts().';
comment on column trustcart.cohort_retention.cohort is 'First day of the month in which these customers first ordered.';
comment on column trustcart.cohort_retention.month_number is 'Months since: 0 is the cohort''s own.';
comment on column trustcart.cohort_retention.cohort_customers is
'How many customers first ordered in the cohort''s month.';
comment on column trustcart.cohort_retention.customers is 'How many of them ordered in this month.';
comment on column trustcart.cohort_retention.retention is 'That, as a share of the cohort, from 0 to 1.';
comment on column trustcart.cohort_retention.orders is 'Their counted orders in this month.';
comment on column trustcart.cohort_retention.revenue is 'What these come to, in taka.';
comment on column trustcart.cohort_retention.value_per_customer is
'What a customer of the cohort has brought up to the end of this month, in taka: the mean of all of them.';

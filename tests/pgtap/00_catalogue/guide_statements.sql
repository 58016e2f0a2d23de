-- The guide's statements run as printed, names unqualified, once the search path has trustcart; what does not is here
-- with its reason.
begin;
select plan(28);

set local search_path to trustcart, tap, public;

insert into trustcart.customers (id, first_name, last_name, email, date_of_birth)
select g.n, 'F' || g.n, 'L', 'c' || g.n || '@gmail.com', (current_date + 3 - interval '28 years')::date
from generate_series(1, 4) as g (n);
-- 40 and 200 days ago, and one day apart from any threshold whatever zone current_date is read in
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
values (1, trustcart.business_date() - 40, 500, 'delivered'), (2, trustcart.business_date() - 200, 700, 'delivered'),
(3, trustcart.business_date() - 3, 900, 'delivered'), (3, trustcart.business_date() - 20, 900, 'delivered');

select lives_ok('SELECT * FROM customer_360_view LIMIT 1', '"Check if view exists"');
select lives_ok('SELECT * FROM upcoming_birthdays_anniversaries', 'the view of events');
select lives_ok('SELECT COUNT(*) FROM customers WHERE customer_type = ''repeat''', '"Check target segment"');
select lives_ok('SELECT * FROM customers WHERE email LIKE ''%@gmail.com%''', '"Slow Query"');
select lives_ok(
    $$SELECT * FROM customers
    WHERE customer_type = 'vip'
      AND last_order_date > CURRENT_DATE - INTERVAL '7 days'$$,
    '"Optimized Query"'
);
select lives_ok(
    $$SELECT
      customer_type,
      priority_level as temperature,
      COUNT(*) as customer_count,
      SUM(total_spend) as total_revenue,
      AVG(total_spend) as avg_lifetime_value
    FROM customers
    GROUP BY customer_type, priority_level
    ORDER BY total_revenue DESC$$,
    '"Customer Segmentation Report"'
);
select lives_ok(
    $$SELECT
      'Total Customers' as metric,
      COUNT(*) as value
    FROM customers

    UNION ALL

    SELECT
      'Active Tasks Today',
      COUNT(*)
    FROM crm_call_tasks
    WHERE task_date = CURRENT_DATE AND status = 'pending'

    UNION ALL

    SELECT
      'At-Risk Customers',
      COUNT(*)
    FROM customer_dropoff_tracking
    WHERE risk_level IN ('high', 'critical')$$,
    '"Check system health"'
);
select lives_ok(
    $$SELECT
      task_date,
      COUNT(*) as total_tasks,
      COUNT(*) FILTER (WHERE status = 'completed') as completed,
      COUNT(*) FILTER (WHERE outcome LIKE '%successful%') as successful,
      ROUND(COUNT(*) FILTER (WHERE status = 'completed')::numeric / COUNT(*) * 100, 2) as completion_rate
    FROM crm_call_tasks
    WHERE task_date = CURRENT_DATE
    GROUP BY task_date$$,
    '"Daily call task summary"'
);
select lives_ok(
    $$SELECT
      u.name as agent_name,
      COUNT(DISTINCT ct.id) as total_tasks,
      COUNT(DISTINCT CASE WHEN ct.status = 'completed' THEN ct.id END) as completed,
      COUNT(DISTINCT CASE WHEN ct.outcome LIKE '%successful%' THEN ct.id END) as successful,
      ROUND(AVG(CASE WHEN ct.status = 'completed' THEN 1 ELSE 0 END) * 100, 2) as completion_rate,
      COUNT(DISTINCT ci.id) as total_interactions
    FROM users u
    LEFT JOIN crm_call_tasks ct ON u.id = ct.assigned_agent_id
      AND ct.task_date >= DATE_TRUNC('month', CURRENT_DATE)
    LEFT JOIN customer_interactions ci ON u.id = ci.agent_id
      AND ci.interaction_date >= DATE_TRUNC('month', CURRENT_DATE)
    WHERE u.role = 'crm_agent'
    GROUP BY u.id, u.name
    ORDER BY successful DESC$$,
    '"Agent Performance Report"'
);
select lives_ok('SELECT generate_daily_call_tasks(CURRENT_DATE::text)', '"Manually trigger generation"');

select throws_ok(
    format('CREATE INDEX %s ON %s', x.name, x.what), '42P07', format('relation "%s" already exists', x.name),
    '"Index Creation": it is there under the guide''s name: ' || x.name
)
from (
    values
    ('idx_customers_type', 'customers(customer_type)'), ('idx_customers_lifecycle', 'customers(lifecycle_stage)'),
    ('idx_customers_temperature', 'customers(priority_level)'),
    ('idx_customers_last_order', 'customers(last_order_date)'),
    ('idx_call_tasks_date_status', 'crm_call_tasks(task_date, status)'),
    ('idx_call_tasks_agent_priority', 'crm_call_tasks(assigned_agent_id, priority)'),
    ('idx_engagement_customer_date', 'customer_engagement_history(customer_id, created_at DESC)')
) as x (name, what);

-- The bodies of the guide's views, over our tables.
select lives_ok(
    $$SELECT c.id as customer_id, c.first_name, c.last_name, c.email, c.phone, c.customer_type, c.lifecycle_stage,
      c.priority_level as customer_temperature, c.total_spend as lifetime_value,
      COUNT(DISTINCT so.id) as total_orders, AVG(so.total_amount) as avg_order_value,
      MAX(so.order_date) as last_order_date, CURRENT_DATE - MAX(so.order_date) as days_since_last_order,
      COUNT(DISTINCT cfm.id) as family_members_count, COUNT(DISTINCT ci.id) as total_interactions,
      cb.preferred_categories, cb.avg_days_between_orders
    FROM customers c
    LEFT JOIN sales_orders so ON c.id = so.customer_id
    LEFT JOIN customer_family_members cfm ON c.id = cfm.customer_id
    LEFT JOIN customer_interactions ci ON c.id = ci.customer_id
    LEFT JOIN customer_behavior cb ON c.id = cb.customer_id
    GROUP BY c.id, cb.preferred_categories, cb.avg_days_between_orders$$,
    'the body of customer_360_view, grouped by the columns'
);
select throws_ok(
    'SELECT c.id, cb.preferred_categories FROM customers c LEFT JOIN customer_behavior cb ON c.id = cb.customer_id
    GROUP BY c.id, cb.*',
    '42803', null, 'departure: GROUP BY cb.* does not cover the columns of cb, in no version of Postgres'
);

select lives_ok(
    $$SELECT
      c.id,
      c.first_name || ' ' || c.last_name as name,
      c.email,
      c.phone,
      c.date_of_birth,
      c.anniversary_date,
      'birthday' as event_type
    FROM customers c
    WHERE EXTRACT(MONTH FROM c.date_of_birth) = EXTRACT(MONTH FROM CURRENT_DATE + INTERVAL '30 days')
      AND EXTRACT(DAY FROM c.date_of_birth) BETWEEN EXTRACT(DAY FROM CURRENT_DATE)
          AND EXTRACT(DAY FROM CURRENT_DATE + INTERVAL '30 days')

    UNION ALL

    SELECT
      cfm.customer_id as id,
      cfm.name,
      c.email,
      c.phone,
      cfm.date_of_birth,
      NULL as anniversary_date,
      'family_birthday' as event_type
    FROM customer_family_members cfm
    JOIN customers c ON cfm.customer_id = c.id
    WHERE EXTRACT(MONTH FROM cfm.date_of_birth) = EXTRACT(MONTH FROM CURRENT_DATE + INTERVAL '30 days')$$,
    'the body of upcoming_birthdays_anniversaries'
);
select lives_ok(
    $$SELECT
      c.id as customer_id,
      c.first_name || ' ' || c.last_name as customer_name,
      c.customer_type,
      c.lifecycle_stage,
      c.total_spend,
      CASE
        WHEN c.lifecycle_stage = 'at_risk' THEN 'Send discount offer'
        WHEN c.customer_type = 'vip' THEN 'Personal call from manager'
        WHEN c.customer_type = 'new' THEN 'Welcome gift voucher'
        ELSE 'Regular follow-up'
      END as recommended_action,
      CASE
        WHEN c.customer_type = 'vip' THEN 'hot'
        WHEN c.lifecycle_stage = 'at_risk' THEN 'warm'
        ELSE 'cold'
      END as call_priority
    FROM customers c$$,
    'the body of customer_intelligence'
);
select lives_ok(
    $$SELECT
      u.id as agent_id,
      u.name as agent_name,
      COUNT(DISTINCT ct.id) as total_tasks,
      COUNT(DISTINCT CASE WHEN ct.status = 'completed' THEN ct.id END) as completed_tasks,
      COUNT(DISTINCT CASE WHEN ct.outcome LIKE '%successful%' THEN ct.id END) as successful_calls,
      COUNT(DISTINCT ci.id) as total_interactions,
      AVG(EXTRACT(EPOCH FROM (ct.updated_at - ct.created_at))/60) as avg_call_duration_minutes
    FROM users u
    LEFT JOIN crm_call_tasks ct ON u.id = ct.assigned_agent_id
    LEFT JOIN customer_interactions ci ON u.id = ci.agent_id
    WHERE u.role = 'crm_agent'
    GROUP BY u.id, u.name$$,
    'the body of agent_performance_dashboard'
);

-- "At-Risk Customer Detection". As printed it has an aggregate in WHERE, which no version of Postgres takes.
select throws_ok(
    $$INSERT INTO customer_dropoff_tracking (customer_id, days_inactive, risk_level)
    SELECT c.id, CURRENT_DATE - MAX(so.order_date) as days_inactive, 'low' as risk_level
    FROM customers c
    LEFT JOIN sales_orders so ON c.id = so.customer_id
    WHERE CURRENT_DATE - MAX(so.order_date) > 30
    GROUP BY c.id$$,
    '42803', null, 'departure: an aggregate in WHERE'
);
prepare the_guides_job as
INSERT INTO customer_dropoff_tracking (customer_id, days_inactive, risk_level)
SELECT
  c.id,
  CURRENT_DATE - MAX(so.order_date) as days_inactive,
  CASE
    WHEN CURRENT_DATE - MAX(so.order_date) BETWEEN 30 AND 60 THEN 'low'
    WHEN CURRENT_DATE - MAX(so.order_date) BETWEEN 60 AND 90 THEN 'medium'
    WHEN CURRENT_DATE - MAX(so.order_date) BETWEEN 90 AND 120 THEN 'high'
    ELSE 'critical'
  END as risk_level
FROM customers c
LEFT JOIN sales_orders so ON c.id = so.customer_id
GROUP BY c.id
HAVING CURRENT_DATE - MAX(so.order_date) > 30;
select lives_ok('the_guides_job', 'with HAVING it runs');
select results_eq(
    'select d.customer_id, d.risk_level, d.last_active_date from trustcart.customer_dropoff_tracking as d order by 1',
    $$values (1::bigint, 'low', trustcart.business_date() - 40), (2, 'critical', trustcart.business_date() - 200)$$,
    'and opens the episodes'
);
select lives_ok('the_guides_job', 'again');
select is(
    (select count(*) from trustcart.customer_dropoff_tracking as d), 2::bigint, 'each of them once'
);
select is(
    (trustcart.detect_dropoffs() ->> 'opened')::integer, 0, 'and our job finds nothing left to do'
);

select * from finish();
rollback;

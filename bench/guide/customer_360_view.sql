SELECT 
  c.id as customer_id,
  c.first_name,
  c.last_name,
  c.email,
  c.phone,
  c.customer_type,
  c.lifecycle_stage,
  c.priority_level as customer_temperature,
  c.total_spend as lifetime_value,
  COUNT(DISTINCT so.id) as total_orders,
  AVG(so.total_amount) as avg_order_value,
  MAX(so.order_date) as last_order_date,
  CURRENT_DATE - MAX(so.order_date) as days_since_last_order,
  COUNT(DISTINCT cfm.id) as family_members_count,
  COUNT(DISTINCT ci.id) as total_interactions,
  cb.preferred_categories,
  cb.avg_days_between_orders
FROM customers c
LEFT JOIN sales_orders so ON c.id = so.customer_id
LEFT JOIN customer_family_members cfm ON c.id = cfm.customer_id
LEFT JOIN customer_interactions ci ON c.id = ci.customer_id
LEFT JOIN customer_behavior cb ON c.id = cb.customer_id
GROUP BY c.id, cb.*

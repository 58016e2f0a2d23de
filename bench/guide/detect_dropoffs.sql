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
WHERE CURRENT_DATE - MAX(so.order_date) > 30
GROUP BY c.id;

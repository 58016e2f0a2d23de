SELECT 
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
GROUP BY u.id, u.name

-- The indexes that the guide advises, as printed (but that of a table which the benchmark does not need).
-- CDM indexes
CREATE INDEX idx_customers_type ON customers(customer_type);
CREATE INDEX idx_customers_lifecycle ON customers(lifecycle_stage);
CREATE INDEX idx_customers_temperature ON customers(priority_level);
CREATE INDEX idx_customers_last_order ON customers(last_order_date);

-- CRM indexes
CREATE INDEX idx_call_tasks_date_status ON crm_call_tasks(task_date, status);
CREATE INDEX idx_call_tasks_agent_priority ON crm_call_tasks(assigned_agent_id, priority);

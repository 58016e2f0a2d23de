-- The tables of the guide that the benchmark needs, as printed.
CREATE TABLE customer_family_members (
  id SERIAL PRIMARY KEY,
  customer_id INTEGER REFERENCES customers(id),
  name VARCHAR(100) NOT NULL,
  relationship VARCHAR(50),           -- spouse, child, parent, sibling
  date_of_birth DATE,
  phone VARCHAR(20),
  address TEXT,
  notes TEXT,
  created_at TIMESTAMP DEFAULT NOW()
);

CREATE TABLE customer_interactions (
  id SERIAL PRIMARY KEY,
  customer_id INTEGER REFERENCES customers(id),
  interaction_type VARCHAR(30),       -- call, whatsapp, sms, email, visit
  direction VARCHAR(20),               -- inbound, outbound
  subject VARCHAR(200),
  details TEXT,
  outcome VARCHAR(50),                 -- successful, no_answer, follow_up_needed
  agent_id INTEGER REFERENCES users(id),
  interaction_date TIMESTAMP DEFAULT NOW(),
  follow_up_date DATE
);

CREATE TABLE customer_behavior (
  id SERIAL PRIMARY KEY,
  customer_id INTEGER REFERENCES customers(id),
  avg_order_value DECIMAL(10,2),
  preferred_categories TEXT[],        -- JSON array of category IDs
  preferred_payment_method VARCHAR(50),
  avg_days_between_orders INTEGER,
  peak_order_time VARCHAR(20),        -- morning, afternoon, evening, night
  has_abandoned_cart BOOLEAN DEFAULT FALSE,
  cart_recovery_count INTEGER DEFAULT 0,
  updated_at TIMESTAMP DEFAULT NOW()
);

CREATE TABLE customer_dropoff_tracking (
  id SERIAL PRIMARY KEY,
  customer_id INTEGER REFERENCES customers(id),
  last_active_date DATE,
  days_inactive INTEGER,
  risk_level VARCHAR(20),             -- low, medium, high, critical
  reason TEXT,
  recovery_attempted BOOLEAN DEFAULT FALSE,
  recovery_successful BOOLEAN DEFAULT FALSE,
  created_at TIMESTAMP DEFAULT NOW()
);

CREATE TABLE crm_call_tasks (
  id SERIAL PRIMARY KEY,
  customer_id INTEGER REFERENCES customers(id),
  assigned_agent_id INTEGER REFERENCES users(id),
  task_type VARCHAR(50),              -- new_customer, follow_up, at_risk, birthday
  priority VARCHAR(20),                -- hot, warm, cold
  task_date DATE NOT NULL,
  status VARCHAR(20) DEFAULT 'pending', -- pending, completed, skipped
  outcome TEXT,
  notes TEXT,
  created_at TIMESTAMP DEFAULT NOW()
);

-- Not in the guide: an index on each of its foreign keys that a customer's 360° view joins by.
create index on sales_orders (customer_id);
create index on customer_family_members (customer_id);
create index on customer_interactions (customer_id);
create index on customer_behavior (customer_id);

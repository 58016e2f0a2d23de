-- The ids come from the file: the sequence moves past them first, so that nobody else gets one of them.
select setval(pg_get_serial_sequence('trustcart.customers', 'id'), wanted.id)
from (select max(c.customer_id::bigint) as id from import_customers as c) as wanted
inner join pg_catalog.pg_sequences as s on s.schemaname = 'trustcart' and s.sequencename = 'customers_id_seq'
where wanted.id > coalesce(s.last_value, 0);

-- requires: log_audit_trail

-- Not of stock_quantity, which every sale of the shop may change.
create or replace trigger products_audit
after insert or delete or update of name, sku, category_id, price, is_active on trustcart.products
for each row
execute function trustcart.log_audit_trail();

comment on trigger products_audit on trustcart.products is
'Writes to audit_logs who changed what products are and cost.';

-- requires: derive_dropoff

create or replace trigger customer_dropoff_tracking_derive
before insert on trustcart.customer_dropoff_tracking
for each row
execute function trustcart_private.derive_dropoff();

comment on trigger customer_dropoff_tracking_derive on trustcart.customer_dropoff_tracking is
'The guide''s own INSERT opens episodes as detect_dropoffs() does.';

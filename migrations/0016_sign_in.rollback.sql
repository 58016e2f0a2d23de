drop table if exists trustcart_private.user_credentials;
drop domain if exists trustcart_private.password_hash;
alter table if exists trustcart.settings
drop column if exists sign_in_max_failures,
drop column if exists sign_in_lock_minutes;

create or replace function trustcart.user_name(p_user_id bigint)
returns text
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
return (
    select u.name from trustcart.users as u
    where u.id = p_user_id
);

comment on function trustcart.user_name(bigint) is
'The name of a user; null when there is none. Agents see no rows of users but their own and their team''s, and yet read
who talked to a customer before them.';

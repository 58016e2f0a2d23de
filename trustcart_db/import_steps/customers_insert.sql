-- The customers who are not there yet, under the ids that the file gives them.
insert into trustcart.customers (
    id, first_name, last_name, email, phone, mobile, gender, date_of_birth, anniversary_date, address, city, district,
    notes, assigned_agent_id
)
select
    c.customer_id::bigint as id,
    c.first_name,
    c.last_name,
    c.email,
    c.phone,
    c.mobile,
    lower(c.gender) as gender,
    c.date_of_birth::date as date_of_birth,
    c.anniversary_date::date as anniversary_date,
    c.address,
    c.city,
    c.district,
    c.notes,
    a.id as assigned_agent_id
from import_customers as c
left join trustcart.users as a on lower(c.assigned_agent) = lower(a.email) or c.assigned_agent = a.id::text
where not exists (
    select
    from trustcart.customers as k
    where k.id = c.customer_id::bigint
)
order by c.customer_id::bigint
on conflict (id) do nothing;

-- What the file says differently about customers who are there. An empty cell says nothing.
with there as (
    -- Locked in id order, as everybody who locks several customers does it.
    select k.*
    from trustcart.customers as k
    where k.id in (select f.customer_id::bigint from import_customers as f)
    order by k.id
    for no key update
),

told as (
    select
        k.id,
        coalesce(f.first_name, k.first_name) as first_name,
        coalesce(f.last_name, k.last_name) as last_name,
        coalesce(f.email, k.email) as email,
        -- An encrypted number is compared as it is shown: the same one, or its masked form, says nothing new.
        case when f.phone = trustcart.shown_phone(k.phone) then k.phone else coalesce(f.phone, k.phone) end as phone,
        case when f.mobile = trustcart.shown_phone(k.mobile) then k.mobile else coalesce(f.mobile, k.mobile) end
            as mobile,
        coalesce(lower(f.gender), k.gender) as gender,
        coalesce(f.date_of_birth::date, k.date_of_birth) as date_of_birth,
        coalesce(f.anniversary_date::date, k.anniversary_date) as anniversary_date,
        coalesce(f.address, k.address) as address,
        coalesce(f.city, k.city) as city,
        coalesce(f.district, k.district) as district,
        coalesce(f.notes, k.notes) as notes,
        coalesce(a.id, k.assigned_agent_id) as assigned_agent_id
    from there as k
    inner join import_customers as f on k.id = f.customer_id::bigint
    left join trustcart.users as a on lower(f.assigned_agent) = lower(a.email) or f.assigned_agent = a.id::text
)

update trustcart.customers as c
set
    first_name = t.first_name,
    last_name = t.last_name,
    email = t.email,
    phone = t.phone,
    mobile = t.mobile,
    gender = t.gender,
    date_of_birth = t.date_of_birth,
    anniversary_date = t.anniversary_date,
    address = t.address,
    city = t.city,
    district = t.district,
    notes = t.notes,
    assigned_agent_id = t.assigned_agent_id
from told as t
where
    c.id = t.id
    and (
        c.first_name,
        c.last_name,
        c.email,
        c.phone,
        c.mobile,
        c.gender,
        c.date_of_birth,
        c.anniversary_date,
        c.address,
        c.city,
        c.district,
        c.notes,
        c.assigned_agent_id
    ) is distinct from (
        t.first_name,
        t.last_name,
        t.email,
        t.phone,
        t.mobile,
        t.gender,
        t.date_of_birth,
        t.anniversary_date,
        t.address,
        t.city,
        t.district,
        t.notes,
        t.assigned_agent_id
    );

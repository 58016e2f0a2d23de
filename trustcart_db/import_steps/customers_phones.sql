-- Phone numbers of the file that cannot be read as such; they are kept as typed.
select
    c.record,
    n.phone
from import_customers as c
cross join lateral (values (c.phone), (c.mobile)) as n (phone)
where n.phone is not null and trustcart.normalize_phone(n.phone) is null;

insert into trustcart.categories (name)
select min(i.category) as name
from import_items as i
where
    i.category is not null
    and not exists (
        select
        from trustcart.categories as c
        where lower(c.name) = lower(i.category)
    )
group by lower(i.category)
order by lower(i.category)
on conflict (name) do nothing;

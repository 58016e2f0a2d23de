-- Page after page by the cursor, every customer comes once, in order: by any filters, in both orders.
begin;
select plan(8);

insert into trustcart.customers (id, first_name) select g.n, 'Name' || g.n % 3 from generate_series(1, 120) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.n, trustcart.business_date() - (g.n * 7) % 150, 100 * (g.n % 5), 'delivered'
from generate_series(1, 100) as g (n)
union all
select g.n, trustcart.business_date() - (g.n * 7) % 150, 60000, 'delivered' from generate_series(1, 100, 9) as g (n)
union all
select g.n, trustcart.business_date() - 160, 10, 'delivered' from generate_series(1, 100, 4) as g (n);

create function pg_temp.walk(p_search text, p_type text, p_stage text, p_temperature text, p_sort text)
returns bigint[] language plpgsql as $$
declare
    v_page record;
    v_all bigint[] := '{}';
    v_after text;
begin
    loop
        select f.* into v_page
        from trustcart.find_customers(p_search, p_type, p_stage, p_temperature, p_sort, v_after, 7) as f;
        v_all := v_all || v_page.customer_ids;
        v_after := v_page.next_cursor;
        exit when v_after is null;
    end loop;
    return v_all;
end;
$$;

create temporary view asked as
select q.search, t.type, s.stage, l.temperature, o.sort
from unnest(array[null, 'name1']) as q (search)
cross join unnest(array[null, 'new', 'repeat', 'vip', 'inactive']) as t (type)
cross join unnest(array[null, 'prospect', 'new', 'active', 'at_risk', 'churned']) as s (stage)
cross join unnest(array[null, 'hot', 'warm', 'cold']) as l (temperature)
cross join unnest(array['lifetime_value', 'last_order_date']) as o (sort);

create temporary table walked as
select
    a.*,
    pg_temp.walk(a.search, a.type, a.stage, a.temperature, a.sort) as ids,
    array(
        select c.id
        from trustcart.customers as c
        where
            (a.search is null or lower(c.first_name) = a.search)
            and (a.type is null or c.customer_type = a.type)
            and (a.stage is null or c.lifecycle_stage = a.stage)
            and (a.temperature is null or c.priority_level = a.temperature)
        order by
            case when a.sort = 'lifetime_value' then c.total_spend end desc,
            c.last_order_date desc nulls last,
            c.id desc
    ) as by_date,
    array(
        select c.id
        from trustcart.customers as c
        where
            (a.search is null or lower(c.first_name) = a.search)
            and (a.type is null or c.customer_type = a.type)
            and (a.stage is null or c.lifecycle_stage = a.stage)
            and (a.temperature is null or c.priority_level = a.temperature)
        order by c.total_spend desc, c.id desc
    ) as by_value
from asked as a;

select is_empty(
    $$select w.search, w.type, w.stage, w.temperature from walked as w
    where w.sort = 'lifetime_value' and w.ids <> w.by_value$$, 'by lifetime value'
);
select is_empty(
    $$select w.search, w.type, w.stage, w.temperature from walked as w
    where w.sort = 'last_order_date' and w.ids <> w.by_date$$, 'by the last order, who has none at the end'
);
select cmp_ok(
    (select count(*) from walked as w where cardinality(w.ids) > 7), '>', 60::bigint, 'many of them over several pages'
);

insert into trustcart.customers (id, first_name) values (201, 'Zed'), (202, 'Zee');
select trustcart.merge_customers(201, 202);
select is(
    (select f.customer_ids from trustcart.find_customers(p_limit => 1, p_customer_type => null) as f),
    (select w.by_value[1:1] from walked as w where w.type is null and w.stage is null and w.temperature is null
        and w.search is null limit 1), 'a page of one'
);
select ok(
    (select not 202 = any(f.customer_ids) and 201 = any(f.customer_ids)
        from trustcart.find_customers(p_limit => 500) as f), 'who was merged is not shown'
);
select is(
    (select f.customer_ids from trustcart.find_customers('zee') as f), array[201]::bigint[],
    'and leads to whom they are'
);
select is(
    (select f.customer_ids from trustcart.find_customers('#202') as f), array[201]::bigint[], 'by the id, too'
);
select ok(
    (select 202 = any(f.customer_ids) from trustcart.find_customers(p_limit => 500, p_with_merged => true) as f),
    'unless asked for'
);

select * from finish();
rollback;

-- Sorted by value, where more have all the labels asked for than are sorted: every one comes, once, in order.
begin;
select plan(4);

insert into trustcart.customers (id) select g.n from generate_series(1, 7000) as g (n);
insert into trustcart.sales_orders (customer_id, order_date, total_amount, status)
select g.n, trustcart.business_date() - (g.n % 3) * 20, g.n % 501, 'delivered' from generate_series(1, 6900) as g (n)
union all
select g.n, trustcart.business_date() - (g.n % 3) * 20, 10, 'delivered' from generate_series(1, 400) as g (n);
analyze trustcart.customers;

create function pg_temp.walk(p_type text, p_stage text, p_temperature text)
returns bigint[] language plpgsql as $$
declare
    v_page record;
    v_all bigint[] := '{}';
    v_after text;
begin
    loop
        select f.* into v_page
        from trustcart.find_customers(null, p_type, p_stage, p_temperature, 'lifetime_value', v_after, 400) as f;
        v_all := v_all || v_page.customer_ids;
        v_after := v_page.next_cursor;
        exit when v_after is null;
    end loop;
    return v_all;
end;
$$;

create temporary table walked as
select
    a.*,
    pg_temp.walk(a.type, a.stage, a.temperature) as ids,
    array(
        select c.id
        from trustcart.customers as c
        where
            (a.type is null or c.customer_type = a.type)
            and (a.stage is null or c.lifecycle_stage = a.stage)
            and (a.temperature is null or c.priority_level = a.temperature)
        order by c.total_spend desc, c.id desc
    ) as expected
from (
    values
    ('new', 'new', null), ('new', 'new', 'hot'), ('new', null, 'warm'), (null, 'new', 'cold'), ('repeat', 'active', null),
    (null, 'prospect', 'cold'), ('new', 'prospect', null), ('inactive', null, 'hot')
) as a (type, stage, temperature);

select is_empty(
    'select w.type, w.stage, w.temperature from walked as w where w.ids <> w.expected', 'every page of each'
);
select is((select count(*) from walked as w where cardinality(w.ids) > 2000), 4::bigint, 'four of them common');
select is((select count(*) from walked as w where cardinality(w.ids) between 1 and 2000), 2::bigint, 'two of them rare');
select is((select count(*) from walked as w where cardinality(w.ids) = 0), 2::bigint, 'and two of nobody');

select * from finish();
rollback;

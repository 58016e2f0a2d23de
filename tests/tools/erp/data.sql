-- The ERP's rows, by generate_series: the same seed and size give the same shop, in any order of rows. Settings that
-- the session gives: erp.seed, erp.customers, erp.orders (a customer, on average), erp.dirt ('on': the values as found
-- in the field; 'off': nothing that cannot be taken over, for measuring).
create function pg_temp.draw(p_id bigint, p_salt int, p_below bigint) returns bigint
language sql stable
as $$ select (hashint8extended(p_id, p_salt + 1000 * current_setting('erp.seed')::bigint) & 4611686018427387903) % p_below $$;
-- One of a hundred million numbers, none twice. (PL/pgSQL: a function of SQL that uses an argument twice is not inlined,
-- and then costs ten times as much.)
create function pg_temp.number_of(p_id bigint) returns text
language plpgsql immutable
as $$
begin
    return '01' || (3 + p_id % 7) || lpad(((p_id * 7919) % 100000000)::text, 8, '0');
end;
$$;
create function pg_temp.as_typed(p_number text, p_style bigint) returns text
language plpgsql immutable
as $$
begin
    return case p_style
        when 0 then '88' || p_number
        when 1 then '+88' || p_number
        when 2 then left(p_number, 5) || '-' || substr(p_number, 6)
        when 3 then translate(p_number, '0123456789', '০১২৩৪৫৬৭৮৯')
        when 4 then ' ' || left(p_number, 5) || ' ' || substr(p_number, 6) || ' '
        when 5 then '+88 ' || p_number
        else p_number
    end;
end;
$$;
create function pg_temp.dirty(p_yes boolean) returns boolean
language sql stable
as $$ select p_yes and current_setting('erp.dirt')::boolean $$;

alter table public.sales_orders disable trigger user;

insert into public.roles (id, name, slug) values
(1, 'Administrator', 'admin'), (2, 'Sales executive', 'sales-executive'), (3, 'Team leader', 'sales-team-leader'),
(4, 'Accounts', 'accountant'), (5, 'Old role', null);

insert into public.users (id, name, last_name, email, role_id, status, is_deleted, team_leader_id, created_at)
select
    g.i,
    case when pg_temp.dirty(g.i = 7) then '' else 'User ' || g.i end,
    case when g.i % 3 = 0 then 'Hossain' end,
    case
        when pg_temp.dirty(g.i = 9) then 'no mail'
        -- Somebody came back and got a second account.
        when pg_temp.dirty(g.i = 11) then 'USER10@erp.example'
        when g.i % 5 = 4 then ''
        else 'user' || g.i || '@erp.example'
    end,
    case when g.i = 1 then 1 when g.i % 6 = 2 then 3 when g.i % 13 = 6 then 4 when g.i % 13 = 7 then 5 else 2 end,
    case when g.i % 11 = 8 then 'inactive'::public.user_status else 'active' end,
    g.i % 17 = 12,
    case
        when pg_temp.dirty(g.i = 8) then 8
        when pg_temp.dirty(g.i = 12) then 9999
        when g.i > 1 and g.i % 6 <> 2 then g.i - (g.i + 4) % 6
    end,
    timestamp '2022-01-01 09:00' + g.i * interval '1 day'
from generate_series(1, greatest(14, current_setting('erp.customers')::int / 500)) as g (i);

insert into public.categories (id, name_en, name_bn)
select
    g.i,
    (array['Honey', 'Ghee', 'Dates', 'Oil', 'Spices', 'Nuts', 'Sweets', 'Tea'])[g.i],
    case when g.i % 2 = 0 then 'বিভাগ ' || g.i end
from generate_series(1, 8) as g (i);
-- Two of one name, one of none, one that is only a space.
insert into public.categories (id, name_en)
select d.id, d.name_en
from (values (9, 'Honey'), (10, null), (11, ' ')) as d (id, name_en)
where pg_temp.dirty(true);

insert into public.products (id, name_en, name_bn, sku, base_price, sale_price, category_id, is_deleted)
select
    g.i,
    case when g.i % 9 = 4 then null when pg_temp.dirty(g.i = 6) then ' ' else 'Product ' || g.i end,
    case when g.i % 4 <> 2 then 'পণ্য ' || g.i end,
    'SKU-' || g.i,
    case when pg_temp.dirty(g.i = 14) then -5 else 100 + g.i * 10 end,
    case g.i % 3 when 0 then 90 + g.i * 10 when 1 then 0 end,
    case when pg_temp.dirty(g.i = 16) then 4711 when pg_temp.dirty(g.i = 17) then 9 when g.i % 10 = 8 then null else 1 + g.i % 8 end,
    g.i % 20 = 19
from generate_series(1, 60) as g (i);

insert into public.customers (
    id, name, last_name, email, phone, mobile, status, is_deleted, customer_type, date_of_birth, anniversary_date,
    district, city, gender, assigned_to, notes, created_at
)
select
    g.i,
    case
        when pg_temp.dirty(g.i % 97 = 5) then ''
        when pg_temp.dirty(g.i % 97 = 6) then '  '
        when g.i % 7 = 0 then (array['রহিম', 'করিম', 'ফাতেমা'])[1 + g.i / 7 % 3]
        else (array['Abdul', 'Fatima', 'O''Brien', 'Nusrat', 'Rahim "Bhai"', 'Anika'])[1 + g.i % 6] || ' ' || g.i
    end,
    case when g.i % 3 <> 1 then (array['Rahman', 'Begum', 'Khan'])[1 + g.i % 3] when g.i % 9 = 1 then '' end,
    case
        when pg_temp.dirty(g.i % 41 = 3) then (array['none', '-', 'a b@c.d', 'n/a', 'x@@y'])[1 + g.i / 41 % 5]
        when g.i % 4 = 0 then ''
        when g.i % 4 <> 1 then 'customer' || g.i || '@mail.example'
    end,
    case
        when pg_temp.dirty(g.i % 29 = 2) then (array['', ' ', '12345', 'not given', '-'])[1 + g.i / 29 % 5]
        when pg_temp.dirty(g.i % 37 = 2) then null
        -- Two accounts of one person.
        when pg_temp.dirty(g.i % 23 = 4) then pg_temp.as_typed(pg_temp.number_of(g.i - 1), pg_temp.draw(g.i, 1, 12))
        else pg_temp.as_typed(pg_temp.number_of(g.i), pg_temp.draw(g.i, 1, 12))
    end,
    case
        when g.i % 8 = 3 then pg_temp.number_of(g.i + 50000000)
        when pg_temp.dirty(g.i % 31 = 9) then pg_temp.as_typed(pg_temp.number_of(g.i - 5), pg_temp.draw(g.i, 2, 12))
        when g.i % 8 = 5 then ''
    end,
    case pg_temp.draw(g.i, 3, 40) when 0 then 'inactive' when 1 then 'blocked' else 'active' end::public.customer_status,
    pg_temp.draw(g.i, 4, 50) = 0,
    case when g.i % 40 = 11 then 'wholesale' else 'retail' end,
    case
        when pg_temp.dirty(g.i % 67 = 8) then (array[date '0001-01-01', '1700-05-05', '2999-12-31', 'infinity'])[1 + g.i / 67 % 4]
        when g.i % 3 <> 0 then date '1955-01-01' + pg_temp.draw(g.i, 5, 18000)::int
    end,
    case when g.i % 5 = 0 then date '1990-01-01' + pg_temp.draw(g.i, 6, 11000)::int end,
    (array['Dhaka', 'Sylhet ', 'CUMILLA', null, ''])[1 + g.i % 5],
    (array['Dhanmondi', 'Mirpur', null])[1 + g.i % 3],
    (array['M', 'F', 'male', 'Female', '', null, 'other'])[1 + g.i % 7],
    case
        when pg_temp.dirty(g.i % 89 = 1) then 4711
        when g.i % 2 = 0 then 1 + pg_temp.draw(g.i, 7, greatest(14, current_setting('erp.customers')::int / 500))
    end,
    case when g.i % 6 = 1 then 'Asked for honey; call in the evening' end,
    timestamp '2023-01-01 00:00' + pg_temp.draw(g.i, 8, 60 * 24 * 800) * interval '1 minute'
from generate_series(1, current_setting('erp.customers')::int) as g (i);

insert into public.sales_orders (
    id, sales_order_number, customer_id, customer_name, customer_phone, order_date, status, total_amount, payment_method,
    created_at
)
select
    d.i,
    case when pg_temp.draw(d.i, 11, 50) <> 0 then 'SO-' || lpad(d.i::text, 9, '0') end,
    case
        when d.guest then null
        when pg_temp.dirty(d.i % 211 = 7) then 90000000 + d.i
        else d.customer_id
    end,
    case when d.guest then 'Guest' end,
    case
        when pg_temp.dirty(d.guest and d.i % 9 = 1) then (array['', null, '00', 'call me'])[1 + d.i / 9 % 4]
        -- A customer who did not sign in.
        when d.guest and d.i % 3 = 0 then pg_temp.as_typed(pg_temp.number_of(d.customer_id), pg_temp.draw(d.i, 12, 12))
        -- Nobody's number, that of a few orders each.
        when d.guest then pg_temp.as_typed(pg_temp.number_of(20000000 + d.customer_id / 3), pg_temp.draw(d.i, 13, 12))
        else pg_temp.number_of(d.customer_id)
    end,
    d.order_date,
    case
        when pg_temp.draw(d.i, 14, 60) < 20
            then (array[
                'draft', 'new', 'pending', 'confirmed', 'approved', 'on_hold', 'awaiting_payment', 'payment_received',
                'processing', 'packed', 'ready_to_ship', 'shipped', 'in_transit', 'out_for_delivery',
                'partially_delivered', 'cancelled', 'returned', 'refunded', 'failed_delivery', 'completed'
            ]::text[])[1 + pg_temp.draw(d.i, 14, 60)]
        else 'delivered'
    end::public.order_status,
    case
        when pg_temp.dirty(d.i % 151 = 3) then null
        when pg_temp.dirty(d.i % 151 = 4) then -250
        else (50 + pg_temp.draw(d.i, 15, 3000) * (1 + pg_temp.draw(d.i, 16, 3)))::numeric
    end,
    (array['bKash', 'Cash on delivery', 'Nagad', '', null])[1 + pg_temp.draw(d.i, 17, 5)],
    d.order_date + time '00:10' + pg_temp.draw(d.i, 18, 24 * 60 - 20) * interval '1 minute'
from (
    select
        g.i,
        -- Some have many orders, most have few.
        (
            1 + floor(c.customers * power(pg_temp.draw(g.i, 21, 1000000) / 1e6::double precision, 1.7))::bigint
            * 48271 % c.customers
        )::int as customer_id,
        pg_temp.draw(g.i, 22, 12) = 0 as guest,
        case
            when pg_temp.dirty(g.i % 401 = 9) then (array[date '0202-03-04', '2999-01-01', null])[1 + g.i / 401 % 3]
            else current_date - (1 + (1 - g.i::double precision / c.orders) * 800)::int
        end as order_date
    from (
        select
            current_setting('erp.customers')::bigint as customers,
            current_setting('erp.customers')::bigint * current_setting('erp.orders')::int as orders
    ) as c
    cross join lateral generate_series(1, c.orders) as g (i)
) as d;

-- Every fifth order has none; of the others the older ones are in one table, the newer in the other.
insert into public.order_items (id, order_id, product_id, quantity, subtotal)
select
    row_number() over (order by o.id, k.n),
    o.id,
    case
        when pg_temp.draw(o.id * 8 + k.n, 31, 15) = 0 then null
        when pg_temp.dirty(pg_temp.draw(o.id * 8 + k.n, 32, 80) = 0) then 4711
        else 1 + pg_temp.draw(o.id * 8 + k.n, 33, 60)
    end,
    case when pg_temp.dirty(pg_temp.draw(o.id * 8 + k.n, 34, 90) = 0) then 0 else 1 + pg_temp.draw(o.id * 8 + k.n, 35, 4) end,
    case when pg_temp.dirty(pg_temp.draw(o.id * 8 + k.n, 36, 90) = 0) then null else 50 + pg_temp.draw(o.id * 8 + k.n, 37, 900) end
from public.sales_orders as o
cross join lateral generate_series(1, 1 + (o.id % 2)::int) as k (n)
where o.id % 5 in (1, 2);
insert into public.order_items (id, order_id, product_id, quantity, subtotal)
-- Of an order that was deleted by hand.
select (select max(i.id) + 1 from public.order_items as i), 2000000000, 1, 1, 10
where pg_temp.dirty(true);
insert into public.sales_order_items (id, sales_order_id, product_id, product_name, quantity, unit_price, line_total)
select
    row_number() over (order by o.id, k.n),
    o.id,
    case when pg_temp.draw(o.id * 8 + k.n, 41, 15) <> 0 then 1 + pg_temp.draw(o.id * 8 + k.n, 42, 60) end,
    case when o.id % 2 = 0 then 'As sold ' || o.id end,
    1 + pg_temp.draw(o.id * 8 + k.n, 43, 4),
    100,
    100 * (1 + pg_temp.draw(o.id * 8 + k.n, 43, 4))
from public.sales_orders as o
cross join lateral generate_series(1, 1 + (o.id % 2)::int) as k (n)
where o.id % 5 in (3, 4);

insert into public.crm_call_tasks (customer_id, reason, call_date, status)
select
    case g.i % 4 when 0 then pg_temp.number_of(g.i) when 1 then 'REMOVED' else g.i::text end,
    'follow up',
    current_date - g.i % 10,
    case when g.i % 3 = 0 then 'done' else 'open' end
from generate_series(1, 40) as g (i);

-- What the host's own triggers would have written.
analyze public.sales_orders;
update public.customers as c
set
    total_spent = coalesce(t.spent, 0),
    lifecycle_stage = case
        when t.last_order < current_date - 120 then 'lost' when t.orders = 1 then 'first_time' else 'regular'
    end,
    customer_type = case
        when c.customer_type = 'wholesale' then 'wholesale' when t.orders >= 5 then 'loyal' else 'retail'
    end
from (
    select o.customer_id, count(*) as orders, sum(o.total_amount) as spent, max(o.order_date) as last_order
    from public.sales_orders as o
    where o.status not in ('draft', 'cancelled', 'returned')
    group by o.customer_id
) as t
where c.id = t.customer_id;

alter table public.sales_orders enable trigger user;

do $$
declare
    v_table text;
begin
    foreach v_table in array array[
        'roles', 'users', 'categories', 'products', 'customers', 'sales_orders', 'order_items', 'sales_order_items'
    ] loop
        execute format('select setval(pg_get_serial_sequence(%L, ''id''), max(t.id)) from public.%I as t', v_table, v_table);
    end loop;
end;
$$;

drop function pg_temp.draw, pg_temp.number_of, pg_temp.as_typed, pg_temp.dirty;

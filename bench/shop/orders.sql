-- Orders, in the order in which they came: the n-th best customer has about 1 / (n + offset) of them (Zipf-Mandelbrot).
select setseed(0.43);

insert into trustcart.sales_orders (
    order_number, customer_id, order_date, ordered_at, total_amount, status, payment_method
)
select
    'SO-' || lpad(o.place::text, 9, '0'),
    o.customer_id,
    o.order_date,
    (o.order_date + time '08:00' + o.hour * interval '1 hour') at time zone s.time_zone,
    o.total_amount,
    o.status,
    o.payment_method
from (
    select
        d.place,
        b.id as customer_id,
        trustcart.business_date() - greatest(1, (b.ended + (b.began - b.ended) * d.moment)::integer) as order_date,
        d.hour,
        -- Many small baskets and some large: a mean of about 1,600 taka.
        (exp(6.9 + 0.9 * (d.chance + d.chance2 + d.chance3 - 1.5) * 2))::numeric(12, 2) as total_amount,
        case
            when d.lot < 0.9 then 'delivered'
            when d.lot < 0.94 then 'shipped'
            when d.lot < 0.97 then 'cancelled'
            else 'returned'
        end as status,
        (array['bKash', 'bKash', 'Cash on delivery', 'Nagad', 'Card'])[1 + floor(d.lot * 1000)::integer % 5]
            as payment_method
    from (
        select
            g.place,
            floor(
                p.shift * power((p.customers + p.shift) / p.shift, random()) - p.shift
            )::bigint as rank,
            random() as moment,
            random() as chance,
            random() as chance2,
            random() as chance3,
            random() as lot,
            floor(random() * 14) as hour
        from generate_series(1, current_setting('bench.orders')::integer) as g (place)
        cross join (
            select
                current_setting('bench.customers')::double precision as customers,
                current_setting('bench.offset')::double precision as shift
        ) as p
    ) as d
    inner join bench_customers as b on d.rank = b.rank
) as o
cross join trustcart.settings as s
order by o.order_date, o.place;

insert into trustcart.categories (name)
values
('Honey'), ('Ghee'), ('Dates'), ('Oil'), ('Spices'), ('Nuts');
insert into trustcart.products (name, sku, category_id, price)
select
    'Product ' || g.place,
    'SKU-' || g.place,
    (select c.id from trustcart.categories as c order by c.id limit 1 offset g.place % 6),
    100 + g.place
from generate_series(1, 60) as g (place);
-- The items of every fifth order: enough for each customer's taste.
insert into trustcart.sales_order_items (order_id, product_id, quantity, unit_price)
select
    so.id,
    p.id,
    1,
    p.price
from trustcart.sales_orders as so
inner join trustcart.products as p on p.sku = 'SKU-' || 1 + so.id % 60
where so.id % 5 = 0
order by so.id;

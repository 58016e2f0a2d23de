-- An ERP as it is met in the field: tables of our names in `public` with another shape, its own views, functions and
-- triggers of the guide's names, and columns that promise less than they seem to. None of it is ours to change.
create type public.user_status as enum ('active', 'inactive', 'suspended');
create type public.customer_status as enum ('active', 'inactive', 'blocked');
create type public.order_status as enum (
    'draft', 'new', 'pending', 'confirmed', 'approved', 'on_hold', 'awaiting_payment', 'payment_received', 'processing',
    'packed', 'ready_to_ship', 'shipped', 'in_transit', 'out_for_delivery', 'partially_delivered', 'delivered',
    'completed', 'cancelled', 'returned', 'refunded', 'failed_delivery'
);

create table public.roles (
    id serial primary key,
    name varchar(80) not null,
    slug varchar(80)
);

create table public.users (
    id serial primary key,
    name varchar(120) not null,
    last_name varchar(120),
    email varchar(190),
    password varchar(255),
    role_id int references public.roles (id),
    status public.user_status default 'active',
    is_deleted boolean default false,
    team_leader_id int,
    created_at timestamp default now()
);

create table public.customers (
    id serial primary key,
    name varchar(120) not null,
    last_name varchar(120),
    email varchar(190),
    phone varchar(40),
    mobile varchar(40),
    status public.customer_status default 'active',
    is_deleted boolean not null default false,
    customer_type varchar(30) not null default 'retail',
    lifecycle_stage varchar(30) not null default 'lead',
    total_spent numeric(14, 2) not null default 0,
    date_of_birth date,
    anniversary_date date,
    district varchar(80),
    city varchar(80),
    gender varchar(10),
    assigned_to int,
    notes text,
    created_at timestamp without time zone default now(),
    updated_at timestamp without time zone default now(),
    constraint customers_customer_type_check check (customer_type in ('retail', 'wholesale', 'loyal', 'dormant')),
    constraint customers_lifecycle_stage_check check (lifecycle_stage in ('lead', 'first_time', 'regular', 'lost'))
);
create index customers_phone on public.customers (phone);

create table public.categories (
    id serial primary key,
    name_en varchar(120),
    name_bn varchar(120)
);

create table public.products (
    id serial primary key,
    name_en varchar(190),
    name_bn varchar(190),
    sku varchar(60),
    base_price numeric(12, 2),
    sale_price numeric(12, 2),
    category_id int,
    is_deleted boolean default false
);

create table public.sales_orders (
    id serial primary key,
    sales_order_number varchar(40),
    customer_id int,
    customer_name varchar(190),
    customer_phone varchar(40),
    order_date date,
    status public.order_status not null default 'new',
    total_amount numeric(14, 2),
    grand_total numeric(14, 2),
    payment_method varchar(40),
    courier_status varchar(40),
    notes text,
    created_at timestamp without time zone default now()
);
create index sales_orders_customer_id on public.sales_orders (customer_id);

create table public.order_items (
    id serial primary key,
    order_id int not null,
    product_id int,
    quantity numeric(12, 3),
    subtotal numeric(14, 2)
);
create index order_items_order_id on public.order_items (order_id);

create table public.sales_order_items (
    id serial primary key,
    sales_order_id int not null references public.sales_orders (id) on delete cascade,
    product_id int references public.products (id) on delete set null,
    product_name varchar(190),
    quantity numeric(12, 3) not null default 1,
    unit_price numeric(14, 2),
    line_total numeric(14, 2)
);
create index sales_order_items_sales_order_id on public.sales_order_items (sales_order_id);

create table public.audit_logs (
    id bigserial primary key,
    table_name varchar(60) not null,
    record_id varchar(40),
    action varchar(10) not null,
    old_values jsonb,
    new_values jsonb,
    created_at timestamp without time zone default now()
);

create table public.crm_call_tasks (
    id serial primary key,
    -- An id, a phone, or the word REMOVED.
    customer_id varchar(40) not null,
    reason varchar(60),
    call_date date,
    status varchar(20) default 'open'
);

create function public.update_customer_lifecycle() returns trigger
language plpgsql
as $$
declare
    touched int[] := '{}';
begin
    if tg_op <> 'INSERT' and old.customer_id is not null then
        touched := touched || old.customer_id;
    end if;
    if tg_op <> 'DELETE' and new.customer_id is not null then
        touched := touched || new.customer_id;
    end if;
    update customers c
    set
        total_spent = coalesce(t.spent, 0),
        lifecycle_stage = case
            when coalesce(t.orders, 0) = 0 then 'lead'
            when t.last_order < current_date - 120 then 'lost'
            when t.orders = 1 then 'first_time'
            else 'regular'
        end,
        customer_type = case
            when c.customer_type = 'wholesale' then 'wholesale'
            when t.orders >= 5 then 'loyal'
            else 'retail'
        end,
        updated_at = now()
    from (
        select
            x.id,
            count(o.id) as orders,
            sum(o.total_amount) as spent,
            max(o.order_date) as last_order
        from unnest(touched) as x (id)
        left join sales_orders o on o.customer_id = x.id and o.status not in ('draft', 'cancelled', 'returned')
        group by x.id
    ) as t
    where c.id = t.id;
    return null;
end;
$$;
create trigger trg_update_customer_lifecycle after insert or update or delete on public.sales_orders
for each row execute function public.update_customer_lifecycle();

create function public.write_audit_log() returns trigger
language plpgsql
as $$
begin
    insert into audit_logs (table_name, record_id, action, old_values, new_values)
    values (
        tg_table_name,
        case when tg_op = 'DELETE' then old.id else new.id end,
        tg_op,
        case when tg_op <> 'INSERT' then to_jsonb(old) end,
        case when tg_op <> 'DELETE' then to_jsonb(new) end
    );
    return null;
end;
$$;
create trigger trg_audit after insert or update or delete on public.sales_orders
for each row execute function public.write_audit_log();
create trigger trg_audit after update or delete on public.customers
for each row execute function public.write_audit_log();

create view public.customer_360_view as
select
    c.id as customer_id,
    c.name || ' ' || coalesce(c.last_name, '') as full_name,
    coalesce(c.phone, c.mobile) as contact,
    c.customer_type,
    c.lifecycle_stage,
    c.total_spent,
    (select count(*) from public.sales_orders o where o.customer_id = c.id) as orders
from public.customers c
where not c.is_deleted;

create function public.generate_daily_call_tasks() returns void
language sql
as $$
    insert into public.crm_call_tasks (customer_id, reason, call_date)
    select c.id::varchar, 'win back', current_date
    from public.customers c
    where
        c.lifecycle_stage = 'lost'
        and not c.is_deleted
        and not exists (
            select from public.crm_call_tasks t where t.customer_id = c.id::varchar and t.call_date = current_date
        );
$$;

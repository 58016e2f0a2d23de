-- requires: mask_address, masked_phone, shown_phone

-- Without security_invoker: who may not read trustcart.customers.phone reads the masked form through it, and of a
-- customer who has passed the policy of customers those of two more tables are not asked.
create or replace view trustcart_private.customer_360_parts as
select
    c.id as customer_id,
    case when r.sees_contacts then c.email else trustcart_private.mask_address(c.email)::trustcart.email_address end
        as email,
    case when r.sees_contacts then trustcart.shown_phone(c.phone) else trustcart_private.masked_phone(c.phone) end
        as phone,
    case when r.sees_contacts then trustcart.shown_phone(c.mobile) else trustcart_private.masked_phone(c.mobile) end
        as mobile,
    b.avg_order_value,
    b.preferred_categories,
    b.avg_days_between_orders,
    l.tier as loyalty_tier
from trustcart.customers as c
left join trustcart.customer_behavior as b on c.id = b.customer_id
left join trustcart.customer_loyalty as l on c.id = l.customer_id
cross join lateral (
    select (select has_column_privilege('trustcart.customers'::regclass, 'phone', 'select')) as sees_contacts
) as r;

comment on view trustcart_private.customer_360_parts is
'What customer_360_view shows of a customer besides the row of customers: behaviour, tier, and the e-mail address and
phone numbers as the caller may see them; to read those takes the privilege to select trustcart.customers.phone, else
they are masked (guide: "Data Encryption"). It shows every customer: customer_360_view joins it to those whom row security
leaves, and shows a column only where the ids are equal, so that no function in a WHERE clause sees it of anybody else.';
comment on column trustcart_private.customer_360_parts.customer_id is 'The customer.';
comment on column trustcart_private.customer_360_parts.email is 'E-mail address, or jo***@example.com.';
comment on column trustcart_private.customer_360_parts.phone is
'Phone number as it was typed, or 017***78; also for who has no key, where numbers are encrypted.';
comment on column trustcart_private.customer_360_parts.mobile is 'Second number, likewise.';
comment on column trustcart_private.customer_360_parts.avg_order_value is 'Mean amount of a counted order, in taka.';
comment on column trustcart_private.customer_360_parts.preferred_categories is 'Categories bought most often.';
comment on column trustcart_private.customer_360_parts.avg_days_between_orders is
'Mean days between counted orders; null below two.';
comment on column trustcart_private.customer_360_parts.loyalty_tier is 'Tier of the loyalty programme; null: none yet.';

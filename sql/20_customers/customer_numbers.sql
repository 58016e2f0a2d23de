-- requires: shown_phone, phone_key, is_mobile_number

create or replace function trustcart.customer_numbers(p_customer_id bigint)
returns table (
    kind text,
    number text,
    dial text,
    is_mobile boolean,
    is_wrong boolean,
    is_repeated boolean
)
language sql stable parallel safe
security invoker
begin atomic
select
    k.kind,
    trustcart.shown_phone(btrim(k.stored)) as number,
    k.dial,
    trustcart.is_mobile_number(k.dial) as is_mobile,
    f.id is not null as is_wrong,
    k.place = 2 and coalesce(k.e164 = k.first_e164, false) as is_repeated
from (
    select
        n.*,
        c.phone_e164 as first_e164,
        -- Masked or unreadable, it cannot be dialled.
        substring(trustcart.shown_phone(n.e164) from '^\+[0-9]{6,15}$') as dial
    from trustcart.customers as c
    cross join lateral (
        values (1, 'phone', c.phone, c.phone_e164), (2, 'mobile', c.mobile, c.mobile_e164)
    ) as n (place, kind, stored, e164)
    where c.id = p_customer_id and btrim(n.stored) <> ''
) as k
left join trustcart.customer_phone_flags as f
    on
        f.customer_id = p_customer_id
        and trustcart_private.phone_key(k.stored, k.e164) = f.phone
        and f.cleared_at is null
order by k.place;
end;

comment on function trustcart.customer_numbers(bigint) is
'The numbers of a customer as pages show them, phone before mobile: kind; number as typed, or masked; dial, in E.164,
null where it cannot be read; is_mobile (is_mobile_number()); is_wrong, flagged by an agent; is_repeated, a mobile that
is the phone once more. No rows for a customer whom the caller may not read (guide: "Customer Detail Page").';

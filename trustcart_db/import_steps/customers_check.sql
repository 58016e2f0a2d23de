-- Each row of a customers file that cannot be taken, with its reason. Values are trimmed, and null where empty.
insert into import_problems (kind, record, reason)
select
    'customers' as kind,
    f.record,
    f.reason
from (
    select
        c.record,
        case
            when c.customer_id is null then 'customer_id is missing'
            when c.customer_id !~ '^[1-9][0-9]*$' or length(c.customer_id) > 18
                then format('customer_id %L is not a positive whole number', c.customer_id)
            when row_number() over (partition by c.customer_id order by c.record) > 1
                then format('customer %s stands in the file more than once', c.customer_id)
            when
                exists (
                    select from trustcart.customers as k
                    where k.erased_at is not null and k.id = c.customer_id::bigint
                )
                then format('customer %s was erased: the file must not name that person any more', c.customer_id)
            when c.email !~ '^[^@\s]+@[^@\s]+$'
                then format('email %L is not an e-mail address', trustcart_private.mask_address(c.email))
            when lower(c.gender) not in ('female', 'male', 'other')
                then format('gender %L is none of female, male, other', c.gender)
            when not trustcart_private.is_calendar_date(c.date_of_birth)
                then format('date_of_birth %L is not a date of the calendar as YYYY-MM-DD', c.date_of_birth)
            when not trustcart_private.is_calendar_date(c.anniversary_date)
                then format('anniversary_date %L is not a date of the calendar as YYYY-MM-DD', c.anniversary_date)
            when
                c.assigned_agent is not null
                and not exists (
                    select from trustcart.users as u
                    where lower(u.email) = lower(c.assigned_agent) or u.id::text = c.assigned_agent
                )
                then
                    format(
                        'assigned_agent %L is no user''s id or e-mail address',
                        case
                            when c.assigned_agent like '%@%' then trustcart_private.mask_address(c.assigned_agent)
                            else c.assigned_agent
                        end
                    )
        end as reason
    from import_customers as c
) as f
where f.reason is not null;

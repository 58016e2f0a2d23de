-- requires: page_frame, team_of_caller, to_business_date, business_date

create or replace function trustcart_api.page_team_waiting(
    p_after_date text default null, p_after_id bigint default null
)
returns jsonb
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
-- The shop's list is read from its index, a team's from the team's customers.
set plan_cache_mode = force_custom_plan
as $$
declare
    c_rows constant integer := 50;
    c_countable constant integer := 10000;
    v_team bigint[] := trustcart_private.team_of_caller();
    v_frame jsonb := trustcart_api.page_frame();
    v_after_date date := trustcart.to_business_date(p_after_date);
    v_today date := trustcart.business_date();
begin
    return (
        with counted as (
            select count(*) as customers
            from (
                select
                from trustcart.call_waiting_list as w
                where
                    w.ended_on is null
                    and (
                        v_team is null
                        or w.customer_id in (select v.customer_id from trustcart_private.customers_of_caller as v)
                    )
                limit c_countable
            ) as x
        ),

        listed as materialized (
            select
                w.customer_id,
                w.waiting_since
            from trustcart.call_waiting_list as w
            where
                w.ended_on is null
                and (
                    v_after_date is null
                    or (w.waiting_since, w.customer_id) > (v_after_date, coalesce(p_after_id, 0))
                )
                and (
                    v_team is null
                    or w.customer_id in (select v.customer_id from trustcart_private.customers_of_caller as v)
                )
            order by w.waiting_since, w.customer_id
            limit c_rows + 1
        ),

        numbered as materialized (
            select
                l.*,
                row_number() over (order by l.waiting_since, l.customer_id) as place
            from listed as l
        )

        select
            jsonb_build_object(
                'frame', v_frame,
                'day', v_today,
                'customers', n.customers,
                'is_more', n.customers = c_countable,
                'is_first', v_after_date is null,
                'next_after', (
                    select jsonb_build_object('date', m.waiting_since, 'id', m.customer_id)
                    from numbered as m
                    where m.place = c_rows and exists (select from numbered as o where o.place > c_rows)
                ),
                'rows', (
                    select coalesce(
                        jsonb_agg(
                            jsonb_build_object(
                                'customer_id', m.customer_id,
                                'customer_name', nullif(concat_ws(' ', c.first_name, c.last_name), ''),
                                'customer_type', c.customer_type,
                                'lifecycle_stage', c.lifecycle_stage,
                                'total_spend', c.total_spend,
                                'waiting_since', m.waiting_since,
                                'days', v_today - m.waiting_since,
                                'agent_name', u.name
                            )
                            order by m.place
                        ),
                        '[]'
                    )
                    from numbered as m
                    inner join trustcart.customers as c on m.customer_id = c.id
                    left join trustcart.users as u on c.assigned_agent_id = u.id
                    where m.place <= c_rows
                )
            )
        from counted as n
    );
end;
$$;
comment on function trustcart_api.page_team_waiting(text, bigint) is
'The team dashboard''s waiting list: customers for whom no list had room, fifty, who waits longest first, after the one
of p_after_date and p_after_id; next_after: there are more. customers: how many wait, up to 10,000 (is_more). Managers
see all, team leaders the customers whom they may see. Amounts in taka. TC001 date, TC402 when nobody is signed in,
TC403 for an agent without a team.';

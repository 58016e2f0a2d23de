-- requires: find_customers

create or replace function trustcart_api.list_customer360(
    p_customer_type text default null,
    p_lifecycle_stage text default null,
    p_temperature text default null,
    p_limit integer default 50,
    p_offset integer default 0,
    p_sort text default 'lifetime_value',
    p_after text default null
)
returns jsonb
language plpgsql stable parallel restricted
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ids bigint[] := (
        select f.customer_ids
        from trustcart.find_customers(
            p_customer_type => p_customer_type,
            p_lifecycle_stage => p_lifecycle_stage,
            p_temperature => p_temperature,
            p_sort => p_sort,
            p_after => p_after,
            p_limit => p_limit,
            p_offset => p_offset,
            p_with_merged => true
        ) as f
    );
begin
    return coalesce(
        (
            select
                jsonb_agg(
                    to_jsonb(v) || jsonb_build_object(
                        'lifetime_value', trim_scale(v.lifetime_value),
                        'avg_order_value', trim_scale(v.avg_order_value),
                        'state_as_of', nullif(v.state_as_of, '-infinity')
                    )
                    order by i.position
                )
            from unnest(v_ids) with ordinality as i (id, position)
            inner join trustcart.customer_360_view as v on i.id = v.customer_id
        ),
        '[]'
    );
end;
$$;
comment on function trustcart_api.list_customer360(text, text, text, integer, integer, text, text) is
'GET /cdm/customer360: a page of customer_360_view as an array, sorted by lifetime_value (or, p_sort, last_order_date),
the highest first; state_as_of is null before the first order. Filters that are null do not apply. However deep, the
page after another is reached at once by p_after, without p_offset: of that page''s last row what it is sorted by, as it
stands there (nothing for null), then _ and the customer_id: 15000_42, or by last_order_date 2026-01-31_42 or _42. A page
shorter than p_limit is the last. TC002 for a value that is none of its vocabulary, TC005 for a limit out of 1 to 500, a
negative offset, a p_after that is none or comes with an offset.';

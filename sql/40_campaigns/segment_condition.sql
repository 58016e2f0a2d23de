-- requires: require_segment, event_month_days

create or replace function trustcart_private.segment_condition(p_segment text, p_as_of date)
returns text
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_segment text := trustcart_private.require_segment(p_segment);
    v_time_zone text;
    v_rule trustcart.segment_rules;
    -- Days, kept within the calendar; amounts keep what was given.
    v_least integer;
    v_most integer;
    v_condition text;
    v_members text;
    v_result text := 'c.is_active';
    v_has_rules boolean := false;
    v_names text[];
    v_category_ids bigint[];
    v_buyers text;
begin
    if v_segment = 'all' then
        return v_result;
    elsif v_segment in ('new', 'repeat', 'vip', 'inactive') then
        return v_result || format(' and c.customer_type = %L', v_segment);
    end if;
    v_time_zone := (select s.time_zone from trustcart.settings as s);

    for v_rule in
        select r.*
        from trustcart.segment_rules as r
        inner join trustcart.segments as g on r.segment_id = g.id
        where g.name = v_segment
        order by r.id
    loop
        v_has_rules := true;
        v_least := case
            when v_rule.at_least is not null then ceil(greatest(least(v_rule.at_least, 100000), -100000))
        end;
        v_most := case
            when v_rule.at_most is not null then floor(greatest(least(v_rule.at_most, 100000), -100000))
        end;
        v_condition := null;
        v_members := null;
        case v_rule.attribute
            when 'customer_type', 'lifecycle_stage', 'gender' then
                v_condition := format('c.%I = any(%L)', v_rule.attribute, v_rule.words);
            when 'temperature' then
                v_condition := format('c.priority_level = any(%L)', v_rule.words);
            when 'loyalty_tier' then
                v_members := format(
                    'select l.customer_id from trustcart.customer_loyalty as l where l.tier = any(%L)', v_rule.words
                );
            when 'district', 'city' then
                v_condition := format(
                    'lower(btrim(c.%I)) = any(%L)',
                    v_rule.attribute,
                    array(select lower(btrim(w.word)) from unnest(v_rule.words) as w (word))
                );
            when 'total_spend', 'order_count' then
                v_condition := concat_ws(
                    ' and ',
                    case when v_rule.at_least is not null then
                        format('c.%I >= %L::numeric', v_rule.attribute, v_rule.at_least) end,
                    case when v_rule.at_most is not null then
                        format('c.%I <= %L::numeric', v_rule.attribute, v_rule.at_most) end
                );
            when 'rfm_segment' then
                v_members := format(
                    'select f.customer_id from trustcart.customer_rfm as f where lower(btrim(f.segment)) = any(%L)',
                    array(select lower(btrim(w.word)) from unnest(v_rule.words) as w (word))
                );
            when 'p_alive', 'expected_orders_90_days', 'expected_value_90_days' then
                -- As numeric, like the bounds: what is out of a double's range is compared, and is no error.
                v_members := format(
                    'select i.customer_id from trustcart.customer_scores as i where %s',
                    concat_ws(
                        ' and ',
                        case when v_rule.at_least is not null then
                            format('i.%I::numeric >= %L::numeric', v_rule.attribute, v_rule.at_least) end,
                        case when v_rule.at_most is not null then
                            format('i.%I::numeric <= %L::numeric', v_rule.attribute, v_rule.at_most) end
                    )
                );
            when 'days_since_last_order' then
                v_condition := concat_ws(
                    ' and ',
                    'c.last_order_date is not null',
                    case when v_least is not null then format('c.last_order_date <= %L::date', p_as_of - v_least) end,
                    case when v_most is not null then format('c.last_order_date >= %L::date', p_as_of - v_most) end
                );
            when 'days_since_registration' then
                v_condition := concat_ws(
                    ' and ',
                    case when v_least is not null then format(
                        'c.created_at < %L::timestamptz', (p_as_of - v_least + 1)::timestamp at time zone v_time_zone
                    ) end,
                    case when v_most is not null then format(
                        'c.created_at >= %L::timestamptz', (p_as_of - v_most)::timestamp at time zone v_time_zone
                    ) end
                );
            when 'event_in_days', 'family_birthday_in_days' then
                v_members := format(
                    'select e.customer_id from trustcart.customer_event_days as e'
                    ' where e.family_member_id is %s and e.month_day = any(%L) and e.occurred_on <= %L',
                    case when v_rule.attribute = 'event_in_days' then 'null'
                        else 'not null and e.kind = ''birthday''' end,
                    trustcart_private.event_month_days(p_as_of, v_least, v_most),
                    p_as_of
                );
            when 'has_children' then
                v_members := format(
                    'select f.customer_id from trustcart.customer_family_members as f'
                    ' where lower(btrim(f.relationship)) = any(%L)',
                    array['child', 'son', 'daughter', 'ছেলে', 'মেয়ে', 'সন্তান']
                );
            when 'has_abandoned_cart' then
                v_members := 'select k.customer_id from trustcart.carts as k'
                    ' where k.abandoned_at is not null and k.recovered_on is null and k.order_id is null';
            when 'category_bought' then
                -- The categories named and all below them.
                with recursive tree as (
                    select
                        g.id,
                        g.name
                    from trustcart.categories as g
                    where lower(btrim(g.name)) = any(
                        array(select lower(btrim(w.word)) from unnest(v_rule.words) as w (word))
                    )
                    union
                    select
                        g.id,
                        g.name
                    from trustcart.categories as g
                    inner join tree as t on g.parent_id = t.id
                )

                select
                    coalesce(array_agg(t.id), '{}'),
                    coalesce(array_agg(t.name), '{}')
                into v_category_ids, v_names
                from tree as t;
                -- Orders are read of those alone who bought since their behaviour was last refreshed: of a day's
                -- customers one by one, but not of a whole shop's, as after an import.
                v_buyers := case
                    when 20000 > (
                        select count(*)
                        from (
                            select from trustcart.customer_behavior as b where b.refresh_due limit 20000
                        ) as d
                    )
                        then 'select d.customer_id from trustcart.customer_behavior as d cross join lateral ('
                        'select from trustcart.sales_orders as o%1$s and o.customer_id = d.customer_id limit 1) as x'
                        ' where d.refresh_due'
                    else 'select o.customer_id from trustcart.sales_orders as o%1$s'
                end;
                v_members := format(
                    'select b.customer_id from trustcart.customer_behavior as b'
                    ' where not b.refresh_due and b.bought_categories && %L or b.refresh_due and b.customer_id in (%s)',
                    v_names,
                    format(
                        v_buyers,
                        format(
                            ' inner join trustcart.order_statuses as s on o.status = s.status and s.counts'
                            ' inner join trustcart.sales_order_items as i on o.id = i.order_id'
                            ' inner join trustcart.products as p on i.product_id = p.id'
                            ' where o.order_date <= %L and p.category_id = any(%L)',
                            p_as_of, v_category_ids
                        )
                    )
                );
            else
                raise exception using
                    errcode = 'TC002',
                    message = format('segment %s asks about %L, which is not known', v_segment, v_rule.attribute),
                    hint = 'Take an attribute of trustcart.segment_attributes.';
        end case;
        v_result := v_result || case
            when v_members is not null then format(
                ' and %s (select from (%s) as x where x.customer_id = c.id)',
                case when v_rule.is_excluded then 'not exists' else 'exists' end, v_members
            )
            -- Of whom a rule is not known to hold, it does not.
            when v_rule.is_excluded then format(' and (%s) is not true', v_condition)
            else format(' and (%s)', v_condition)
        end;
    end loop;
    -- A segment that lost its rules must not become everybody.
    return case when v_has_rules then v_result else 'false' end;
end;
$$;
comment on function trustcart_private.segment_condition(text, date) is
'The condition on customers (as c) that makes a segment: of literals of the segment''s rules in a fixed vocabulary, no
text of a user''s ever becomes SQL. Amounts, types and stages are those that the customer has now; days count from
p_as_of. A saved segment without a rule holds nobody. category_bought: by name whatever the case, categories below
included, in counted orders as of the customer''s last refresh_customer_behavior(), or now where that is due. Scores and
RFM segments: as of the last refresh_customer_scores() and refresh_customer_rfm(); of who has none, no rule about them
holds. Errors as require_segment().';

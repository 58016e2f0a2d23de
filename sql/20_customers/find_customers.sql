-- requires: read_cursor, write_cursor, customer_slice, search_keys, is_restricted

create or replace function trustcart.find_customers(
    p_search text default null,
    p_customer_type text default null,
    p_lifecycle_stage text default null,
    p_temperature text default null,
    p_sort text default 'lifetime_value',
    p_after text default null,
    p_limit integer default 50,
    p_offset integer default 0,
    p_with_merged boolean default false
)
returns table (
    customer_ids bigint[],
    next_cursor text,
    search_kind text,
    match_count bigint,
    more_than integer,
    is_unfinished boolean
)
language plpgsql stable parallel restricted
security definer
rows 1
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    -- So many who match are sorted; where more do, they are found while the sorted list is read, of which so many are
    -- read at a time.
    v_most_matches constant integer := 2000;
    v_most_read constant integer := 20000;
    v_wrong text;
    v_limit integer := coalesce(p_limit, 50);
    v_offset integer := coalesce(p_offset, 0);
    v_sort text := coalesce(p_sort, 'lifetime_value');
    v_with_merged boolean := coalesce(p_with_merged, false);
    v_search text := nullif(btrim(p_search), '');
    v_after record;
    v_is_restricted boolean := trustcart_private.is_restricted();
    v_own_ids bigint[];
    v_candidates bigint[];
    v_kind text;
    v_from text[];
    v_until text[];
    v_rarest integer;
    v_count integer;
    v_fewest integer := v_most_read + 1;
    v_match_count bigint;
    v_ids bigint[] := array[]::bigint[];
    v_cursors text[] := array[]::text[];
    v_slice record;
    v_read integer := 0;
    v_step integer := 500;
begin
    select format('%s %L is unknown', a.argument, a.value) || '|' || array_to_string(a.allowed, ', ')
    into v_wrong
    from (
        values
        ('customerType', p_customer_type, array['new', 'repeat', 'vip', 'inactive']),
        ('lifecycleStage', p_lifecycle_stage, array['prospect', 'new', 'active', 'at_risk', 'churned']),
        ('temperature', p_temperature, array['hot', 'warm', 'cold']),
        ('sort', v_sort, array['lifetime_value', 'last_order_date'])
    ) as a (argument, value, allowed)
    where a.value <> all(a.allowed)
    limit 1;
    if v_wrong is not null then
        raise exception using
            errcode = 'TC002',
            message = split_part(v_wrong, '|', 1),
            hint = 'One of: ' || split_part(v_wrong, '|', 2) || '.';
    elsif v_limit not between 1 and 500 then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is out of bounds', v_limit),
            hint = 'Give 1 to 500.';
    elsif v_offset < 0 then
        raise exception using
            errcode = 'TC005',
            message = format('offset %s is out of bounds', v_offset),
            hint = 'Give 0 or more.';
    elsif v_offset > 0 and p_after is not null then
        raise exception using
            errcode = 'TC005',
            message = 'offset and after exclude each other',
            hint = 'Give after alone: it is where the page before ended.';
    elsif length(v_search) > 200 then
        raise exception using
            errcode = 'TC005',
            message = 'search is longer than 200 characters',
            hint = 'Give a name, a phone number, an e-mail address or a customer''s id.';
    end if;
    select r.* into v_after from trustcart_private.read_cursor(p_after, v_sort) as r;

    if v_is_restricted then
        v_own_ids := array(select distinct v.customer_id from trustcart_private.customers_of_caller as v);
    end if;
    if v_search is not null then
        -- In what was merged into another customer that customer is found.
        v_candidates := trustcart_private.search_keys(v_search);
        if v_candidates is not null then
            v_kind := case when strpos(v_search, '@') > 0 then 'email' else 'number' end;
        else
            v_kind := 'name';
            -- Whatever begins with a word is what sorts from it up to it with the last of all characters.
            select
                coalesce(array_agg(w.word), '{}'),
                coalesce(array_agg(w.word || U&'\+10FFFF'), '{}')
            into v_from, v_until
            from unnest(trustcart_private.search_words(v_search)) as w (word);
            if cardinality(v_from) = 0 then
                v_candidates := '{}';
            elsif v_is_restricted then
                v_candidates := array(
                    select r.id
                    from (
                        select o.id
                        from unnest(v_own_ids) as o (id)
                        union all
                        select m.id
                        from trustcart.customers as m
                        where m.merged_into_id = any(v_own_ids)
                    ) as r
                    where not exists (
                        select
                        from unnest(v_from, v_until) as t (word, until)
                        where not exists (
                            select
                            from trustcart_private.customer_words as k
                            where k.customer_id = r.id and k.word >= t.word and k.word < t.until
                        )
                    )
                );
            else
                for v_place in 1..cardinality(v_from) loop
                    select count(*)
                    into v_count
                    from (
                        select
                        from trustcart_private.customer_words as k
                        where k.word >= v_from[v_place] and k.word < v_until[v_place]
                        limit v_fewest
                    ) as f;
                    if v_count < v_fewest then
                        v_fewest := v_count;
                        v_rarest := v_place;
                    end if;
                end loop;
                if v_rarest is not null then
                    v_candidates := array(
                        select distinct k.customer_id
                        from trustcart_private.customer_words as k
                        where
                            k.word >= v_from[v_rarest]
                            and k.word < v_until[v_rarest]
                            and not exists (
                                select
                                from unnest(v_from, v_until) as t (word, until)
                                where
                                    t.word <> v_from[v_rarest]
                                    and not exists (
                                        select
                                        from trustcart_private.customer_words as o
                                        where o.customer_id = k.customer_id and o.word >= t.word and o.word < t.until
                                    )
                            )
                        limit v_most_matches + 1
                    );
                    if cardinality(v_candidates) > v_most_matches then
                        v_candidates := null;
                    end if;
                end if;
            end if;
        end if;
        if v_candidates is not null then
            v_candidates := array(
                select distinct coalesce(c.merged_into_id, c.id)
                from unnest(v_candidates) as i (id)
                inner join trustcart.customers as c on i.id = c.id
                where not v_is_restricted or coalesce(c.merged_into_id, c.id) = any(v_own_ids)
            );
        end if;
    elsif v_is_restricted then
        v_candidates := v_own_ids;
    end if;

    if v_candidates is not null then
        -- Few: they are sorted here.
        with matches as (
            select
                c.id,
                c.total_spend,
                c.last_order_date,
                case
                    when v_sort = 'lifetime_value' then c.total_spend
                    else coalesce(c.last_order_date - date '2000-01-01', -1e9)
                end as key
            from unnest(v_candidates) as i (id)
            inner join trustcart.customers as c on i.id = c.id
            where
                (p_customer_type is null or c.customer_type = p_customer_type)
                and (p_lifecycle_stage is null or c.lifecycle_stage = p_lifecycle_stage)
                and (p_temperature is null or c.priority_level = p_temperature)
                and (v_with_merged or c.merged_into_id is null)
        ),

        page as (
            select
                m.id,
                m.total_spend,
                m.last_order_date,
                m.key
            from matches as m
            where
                not v_after.is_given
                or (m.key, m.id) < (
                    case
                        when v_sort = 'lifetime_value' then v_after.amount
                        else coalesce(v_after.day - date '2000-01-01', -1e9)
                    end,
                    v_after.customer_id
                )
            order by m.key desc, m.id desc
            limit v_limit + 1 offset v_offset
        )

        select
            coalesce(array_agg(p.id order by p.key desc, p.id desc), '{}'),
            array_agg(
                trustcart_private.write_cursor(
                    case
                        when v_sort = 'lifetime_value' then trim_scale(p.total_spend)::text
                        else p.last_order_date::text
                    end,
                    p.id
                )
                order by p.key desc, p.id desc
            ),
            (select count(*) from matches)
        into v_ids, v_cursors, v_match_count
        from page as p;
        return query
        select
            v_ids[1:v_limit],
            case when cardinality(v_ids) > v_limit then v_cursors[v_limit] end,
            v_kind,
            v_match_count,
            null::integer,
            false;
        return;
    end if;

    -- Read on in the sorted list until the page is full. Without a search that is at once, but for those merged.
    if v_kind is null then
        v_step := v_limit + 1;
    end if;
    loop
        select
            array_agg(s.customer_id order by s.place) as ids,
            array_agg(
                trustcart_private.write_cursor(
                    case when v_sort = 'lifetime_value' then trim_scale(s.amount)::text else s.day::text end,
                    s.customer_id
                )
                order by s.place
            ) as cursors,
            count(*) as rows_read
        into v_slice
        from trustcart_private.customer_slice(
            p_customer_type, p_lifecycle_stage, p_temperature, v_sort,
            v_after.is_given, v_after.amount, v_after.day, v_after.customer_id,
            v_step, v_offset
        ) with ordinality as s (customer_id, amount, day, place);
        exit when v_slice.rows_read = 0;
        v_read := v_read + v_slice.rows_read;
        v_offset := 0;
        select
            v_ids || coalesce(array_agg(f.id order by f.place), '{}'),
            v_cursors || coalesce(array_agg(f.cursor order by f.place), '{}')
        into v_ids, v_cursors
        from (
            select
                s.id,
                s.cursor,
                s.place
            from unnest(v_slice.ids, v_slice.cursors) with ordinality as s (id, cursor, place)
            where
                (
                    v_with_merged
                    or not exists (
                        select from trustcart.customers as c where c.id = s.id and c.merged_into_id is not null
                    )
                )
                and (
                    v_kind is null
                    or exists (
                        select
                        from (
                            select s.id as record_id
                            union all
                            select m.id
                            from trustcart.customers as m
                            where m.merged_into_id = s.id
                        ) as r
                        where not exists (
                            select
                            from unnest(v_from, v_until) as t (word, until)
                            where not exists (
                                select
                                from trustcart_private.customer_words as k
                                where k.customer_id = r.record_id and k.word >= t.word and k.word < t.until
                            )
                        )
                    )
                )
            order by s.place
            limit v_limit + 1 - cardinality(v_ids)
        ) as f;
        exit when cardinality(v_ids) > v_limit or v_slice.rows_read < v_step;
        select r.* into v_after
        from trustcart_private.read_cursor(v_slice.cursors[v_slice.rows_read], v_sort) as r;
        if v_read >= v_most_read then
            return query
            select v_ids, v_slice.cursors[v_slice.rows_read], v_kind, null::bigint, v_most_matches, true;
            return;
        end if;
        v_step := least(v_step * 4, 5000, v_most_read - v_read);
    end loop;
    return query
    select
        v_ids[1:v_limit],
        case when cardinality(v_ids) > v_limit then v_cursors[v_limit] end,
        v_kind,
        null::bigint,
        case when v_kind is not null then v_most_matches end,
        false;
end;
$$;
comment on function trustcart.find_customers(
    text, text, text, text, text, text, integer, integer, boolean
) is
'Which customers a page of the list shows, in their order (lifetime_value or last_order_date, the highest first), of
those whom the caller may see: with these labels, and found by p_search: the beginnings of words of the name, or a phone
number, e-mail address or customer_id. One row: customer_ids; next_cursor, null at the end; search_kind name, number,
email, or null without a search; match_count, null where nobody counted: without a search, or where more_than that many
match the words alone. is_unfinished: what was read of the list is no full page yet, and goes on at next_cursor.
Customers merged into another are not shown unless p_with_merged; who searches for one finds the other. TC002 for a
value that is none of its vocabulary, TC005 for a limit out of 1 to 500, a negative offset, an offset with an after, an
after that is none, a search of over 200 characters; TC501, TC502 as find_caller().';

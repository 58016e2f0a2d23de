create or replace function trustcart.find_personal_traces(p_values text[], p_limit integer default 1000)
returns table (table_name text, column_name text, row_id text, excerpt text)
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_needles text[];
    v_shown text[];
    v_digits text[];
    v_table record;
    v_left integer := p_limit;
    v_rows integer;
begin
    if p_limit is null or p_limit < 1 then
        raise exception using
            errcode = 'TC005',
            message = format('limit %s is not one', coalesce(p_limit::text, 'null')),
            hint = 'Ask for one row at least.';
    elsif p_values is null or cardinality(p_values) = 0
        or exists (select from unnest(p_values) as v (value) where coalesce(length(btrim(v.value)), 0) < 3)
    then
        raise exception using
            errcode = 'TC005',
            message = 'values to search for are required, of three characters at least',
            hint = 'Give names, numbers and addresses as they were, such as array[''Rahima'', ''01711000111''].';
    end if;

    -- Each as it is, as JSON writes it, and as bytes show it. Of what has the digits of a number only those count, at
    -- most the last ten: the same number is written with and without the code of the country.
    with given as (
        select distinct
            lower(btrim(v.value)) as value,
            right(regexp_replace(translate(v.value, '০১২৩৪৫৬৭৮৯', '0123456789'), '[^0-9]', '', 'g'), 10) as digits,
            v.value !~ '[[:alpha:]]' as is_number
        from unnest(p_values) as v (value)
    ),

    needles as (
        select
            n.needle,
            min(g.value) as value
        from given as g
        cross join lateral (
            values
            (g.value),
            (lower(substring(to_json(g.value)::text from '^"(.*)"$'))),
            (encode(convert_to(g.value, 'UTF8'), 'hex'))
        ) as n (needle)
        group by n.needle
    )

    select
        array_agg(n.needle),
        array_agg(left(n.value, 2) || '***'),
        (
            select coalesce(array_agg(distinct g.digits), '{}')
            from given as g
            where g.is_number and length(g.digits) >= 7
        )
    into v_needles, v_shown, v_digits
    from needles as n;

    for v_table in
        select
            c.oid::regclass as relation,
            bool_or(a.attname = 'id') as has_id,
            string_agg(
                format(
                    '(%L, t.%I::text, %L::boolean)',
                    a.attname, a.attname,
                    y.typcategory in ('S', 'U', 'X')
                    or y.typcategory = 'A' and coalesce(e.typcategory, '') not in ('N', 'D', 'B')
                ),
                ', ' order by a.attnum
            ) as columns
        from pg_class as c
        inner join pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
        inner join pg_type as y on a.atttypid = y.oid
        left join pg_type as e on y.typelem = e.oid and y.typcategory = 'A'
        where
            c.relnamespace in (
                'trustcart'::regnamespace, 'trustcart_private'::regnamespace, 'trustcart_api'::regnamespace
            )
            and c.relkind in ('r', 'm')
        group by c.oid
        order by c.oid::regclass::text
    loop
        return query execute format(
            'select %L, v.name, %s, coalesce(n.shown, ''number '' || left(d.digits, 2) || ''***'') '
            'from %s as t cross join lateral (values %s) as v (name, value, is_text) '
            'left join lateral (select x.shown from unnest($1, $2) as x (needle, shown) '
            'where strpos(lower(v.value), x.needle) > 0 limit 1) as n on true '
            'left join lateral (select x.digits from unnest($3) as x (digits) where v.is_text and n.shown is null and '
            'strpos(regexp_replace(translate(v.value, ''০১২৩৪৫৬৭৮৯'', ''0123456789''), ''[^0-9]'', '''', ''g''), '
            'x.digits) > 0 limit 1) as d on true '
            'where v.value is not null and (n.shown is not null or d.digits is not null) limit $4',
            v_table.relation::text,
            case when v_table.has_id then 't.id::text' else 't.ctid::text' end,
            v_table.relation,
            v_table.columns
        )
        using v_needles, v_shown, v_digits, v_left;
        get diagnostics v_rows = row_count;
        v_left := v_left - v_rows;
        exit when v_left <= 0;
    end loop;
end;
$$;
comment on function trustcart.find_personal_traces(text[], integer) is
'Searches every column of every table of our schemas for these values (names, numbers, addresses), whatever their case,
inside JSON and bytes too; of numbers the last ten digits, however they are written. A row a find: the table, the
column, the id of the row (its ctid where it has none) and the beginning of what was found, p_limit rows at most. After
erase_customer() no rows is right, unless somebody else has the same number or name. It reads the whole database. TC005
without values of three characters at least.';

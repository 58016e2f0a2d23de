-- Where more match than are sorted, they are found in the sorted list, page by page, and nobody is left out.
begin;
select plan(8);

insert into trustcart.customers (id, first_name, last_name)
select 30000 + g.n, 'Md', case when g.n % 1000 = 0 then 'Rare' else 'Rahman' end
from generate_series(1, 26000) as g (n);
insert into trustcart.customers (id, first_name, last_name)
select g.n, 'Other', 'Rahman' from generate_series(1, 21000) as g (n)
union all
select 60000 + g.n, 'Zed', 'Zaman' from generate_series(1, 600) as g (n);

create function pg_temp.walk(p_search text, out ids bigint[], out pages integer, out unfinished integer)
language plpgsql as $$
declare
    v_page record;
    v_after text;
begin
    ids := '{}';
    pages := 0;
    unfinished := 0;
    loop
        select f.* into v_page from trustcart.find_customers(p_search, p_after => v_after, p_limit => 500) as f;
        ids := ids || v_page.customer_ids;
        pages := pages + 1;
        unfinished := unfinished + v_page.is_unfinished::integer;
        v_after := v_page.next_cursor;
        exit when v_after is null;
    end loop;
end;
$$;

select results_eq(
    $$select cardinality(f.customer_ids), f.match_count, f.more_than, f.is_unfinished, f.next_cursor is not null
    from trustcart.find_customers('md') as f$$,
    $$values (50, null::bigint, 2000, false, true)$$, 'more than so many, and a full page of them'
);
select is(
    (select f.customer_ids[1:2] from trustcart.find_customers('md') as f), array[56000, 55999]::bigint[],
    'the first of all, past those that do not match'
);
select is((select w.ids = array(select generate_series(56000, 30001, -1))::bigint[] from pg_temp.walk('md') as w), true,
    'page by page all of them'
);
select results_eq(
    $$select cardinality(f.customer_ids), f.match_count from trustcart.find_customers('rare md') as f$$,
    $$values (26, 26::bigint)$$, 'a rare word beside a common one'
);
select is(
    (select f.customer_ids from trustcart.find_customers('md other') as f), '{}'::bigint[],
    'two common ones that nobody has both of: nothing'
);
select results_eq(
    $$select f.is_unfinished, f.next_cursor is not null, f.more_than from trustcart.find_customers('md other') as f$$,
    $$values (true, true, 2000)$$, 'so far'
);
select results_eq(
    $$select cardinality(w.ids), w.unfinished from pg_temp.walk('md other') as w$$, $$values (0, 2)$$,
    'and nothing at the end of the list'
);
select is(
    (select cardinality(w.ids) from pg_temp.walk('md rah') as w), 26000 - 26, 'two common ones that many have'
);

select * from finish();
rollback;

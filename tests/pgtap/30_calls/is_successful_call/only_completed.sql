-- A success is a completed call whose outcome says so.
begin;
select plan(2);

select results_eq(
    $$select trustcart.is_successful_call(v.status, v.successful) from (
        values (1, 'completed', true), (2, 'completed', false), (3, 'skipped', true), (4, 'pending', true)
    ) as v (place, status, successful) order by v.place$$,
    array[true, false, false, false],
    'completed and successful, both'
);
-- Counting by a function that is called for each task would take several times as long.
create function pg_temp.plan_of(p_statement text) returns text language plpgsql as $$
declare
    v_line text;
    v_plan text := '';
begin
    for v_line in execute 'explain (verbose, costs off) ' || p_statement loop
        v_plan := v_plan || v_line;
    end loop;
    return v_plan;
end;
$$;
select unalike(
    pg_temp.plan_of('select count(*) filter (where trustcart.is_successful_call(t.status, t.successful))
        from trustcart.crm_call_tasks as t'),
    '%is_successful_call%',
    'the query reads the columns themselves'
);

select * from finish();
rollback;

-- The team's figures run with the rights of a manager, who sees nothing of the engine room.
begin;
select plan(10);

insert into trustcart.users (id, name) values (900001, 'A');
insert into trustcart.customers (id, first_name) values (900001, 'C');
insert into trustcart.crm_call_tasks (id, customer_id, assigned_agent_id, task_date) values (900001, 900001, 900001, '2031-03-12');

-- The SQLSTATE of a statement run as a manager; 00000 when it runs.
create function pg_temp.try_as_manager(p_statement text)
returns text language plpgsql as $$
begin
    set local role trustcart_manager;
    execute p_statement;
    reset role;
    return '00000';
exception when others then
    reset role;
    return sqlstate;
end;
$$;

select is(pg_temp.try_as_manager('select * from ' || t.call), t.expected, t.call)
from (
    values
    ('trustcart.agent_figures(''2031-03-01'', ''2031-03-31'')', '00000'),
    ('trustcart.agent_performance(900001)', '00000'),
    ('trustcart.agent_performance(900001, ''2031-03-31'', ''2031-03-01'')', 'TC005'),
    ('trustcart.agent_performance_by_period(''month'', ''2031-03-01'', ''2031-03-31'')', '00000'),
    ('trustcart.agent_leaderboard(''2031-03-01'', ''2031-03-31'')', '00000'),
    ('trustcart.call_conversions(''2031-03-01'', ''2031-03-31'')', '00000'),
    ('trustcart.call_script(900001, ''2031-03-12'')', '00000'),
    ('trustcart.report_weekly(''2031-03-12'')', '00000'),
    ('trustcart.report_monthly(''2031-03-12'')', '00000'),
    ('trustcart_api.agent_performance(900001)', '00000')
) as t (call, expected);

select * from finish();
rollback;

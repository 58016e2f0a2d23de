create or replace function trustcart_api.page_automation_rule_figures(p_rule_ids bigint[])
returns jsonb
language plpgsql volatile parallel restricted
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    v_began_at timestamptz := clock_timestamp();
    v_id bigint;
    v_figures jsonb;
    v_result jsonb := '[]'::jsonb;
    v_left bigint[] := '{}'::bigint[];
begin
    if cardinality(p_rule_ids) > 100 then
        raise exception using
            errcode = 'TC005',
            message = 'more than 100 rules at once',
            hint = 'Ask for those that are shown.';
    end if;
    -- Each reads all orders of its product, so the time decides how many.
    foreach v_id in array coalesce(p_rule_ids, '{}') loop
        if clock_timestamp() > v_began_at + interval '2 seconds' then
            v_left := v_left || v_id;
            continue;
        end if;
        select to_jsonb(p) into v_figures
        from trustcart.recommendation_rule_performance as p
        where p.rule_id = v_id;
        if v_figures is not null then
            v_result := v_result || v_figures;
        end if;
    end loop;
    return jsonb_build_object('rules', v_result, 'not_counted', to_jsonb(v_left));
end;
$$;
comment on function trustcart_api.page_automation_rule_figures(bigint[]) is
'What the products of the rules of a page sold: {"rules": [rows of recommendation_rule_performance], "not_counted":
[ids]}. After two seconds no further one is begun. Unknown ids are left out. Managers alone. TC005 for more than 100.';

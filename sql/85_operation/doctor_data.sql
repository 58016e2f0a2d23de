-- requires: check_customer_state, state_differences, check_campaigns, verify_audit_log, audit_tail_differences, listed

create or replace function trustcart.doctor_data(p_full boolean default false)
returns table (check_name text, status text, finding text, threshold text, remedy text, figures jsonb)
language plpgsql volatile parallel restricted
security definer
set search_path = pg_catalog, pg_temp
-- The samples have other ids each time.
set plan_cache_mode = force_custom_plan
as $$
declare
    c_samples constant integer := 10;
    c_customers constant integer := 50;
    c_links constant integer := 1000;
    v_lowest bigint;
    v_highest bigint;
    v_ids bigint[];
    v_seen bigint[] := array[]::bigint[];
    v_looked_at bigint;
    v_wrong bigint[] := array[]::bigint[];
    v_rows bigint;
    v_links bigint;
    v_problems text[];
    v_triggers text[];
    v_campaigns bigint := 0;
    v_oldest timestamptz;
    v_age interval;
begin
    if p_full then
        v_wrong := array(select distinct d.customer_id from trustcart.check_customer_state() as d);
        select count(distinct d.campaign_id) into v_campaigns from trustcart.check_campaigns() as d;
        select count(*) into v_looked_at from trustcart.customers as c;
    else
        select
            min(c.id),
            max(c.id)
        into v_lowest, v_highest
        from trustcart.customers as c;
        for v_sample in 1..c_samples loop
            v_ids := array(
                select c.id
                from trustcart.customers as c
                where
                    c.id >= case
                        -- All, where they are so few.
                        when v_sample = 1 then v_lowest
                        else v_lowest + floor(random() * (v_highest - v_lowest + 1)::numeric)::bigint
                    end
                order by c.id
                limit c_customers
            );
            continue when v_ids = '{}';
            v_seen := v_seen || v_ids;
            v_wrong := v_wrong || array(
                select d.customer_id from trustcart_private.state_differences(v_ids[1], v_ids[cardinality(v_ids)]) as d
            );
        end loop;
        -- The samples may overlap.
        select count(distinct i.id) into v_looked_at from unnest(v_seen) as i (id);
        v_wrong := array(select distinct i.id from unnest(v_wrong) as i (id));
    end if;
    check_name := 'state';
    status := case when cardinality(v_wrong) + v_campaigns > 0 then 'critical' else 'ok' end;
    finding := case
        when v_wrong <> '{}' then format(
            '%s of %s customers looked at are wrong: %s',
            cardinality(v_wrong), v_looked_at, trustcart_private.listed(v_wrong::text[])
        )
        else format('%s customers looked at, none is wrong', v_looked_at)
    end
    || case
        when v_campaigns > 0 then format('; %s campaigns count wrongly', v_campaigns)
        when not p_full then ' (a sample; --full looks at all)'
        else ''
    end;
    threshold := 'critical: any figure of a customer differs from what the orders say';
    remedy := case
        when status <> 'ok'
            then 'select trustcart.repair_customer_state(); counts them anew. Find out first what wrote past the triggers.'
    end;
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_customers_wrong', 'value', cardinality(v_wrong)),
        jsonb_build_object('name', 'trustcart_customers_looked_at', 'value', v_looked_at)
    );
    return next;

    select array_agg(format('%s on %s', t.tgname, t.tgrelid::regclass) order by t.tgrelid::regclass::text, t.tgname)
    into v_triggers
    from pg_trigger as t
    inner join pg_class as c on t.tgrelid = c.oid
    inner join pg_namespace as n on c.relnamespace = n.oid
    where
        t.tgenabled in ('D', 'R')
        and (
            n.nspname in ('trustcart', 'trustcart_private')
            -- Those of an adoption, on the tables of the ERP.
            or t.tgname like 'trustcart\_adopt\_%'
        );
    check_name := 'triggers';
    status := case when v_triggers is null then 'ok' else 'critical' end;
    finding := coalesce('disabled: ' || trustcart_private.listed(v_triggers), 'all enabled');
    threshold := 'critical: any is disabled';
    remedy := case
        when status <> 'ok'
            then 'alter table … enable trigger …; then look at all customers: trustcart-db doctor --full.'
    end;
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_triggers_disabled', 'value', coalesce(cardinality(v_triggers), 0))
    );
    return next;

    if p_full then
        select
            count(*),
            array_agg(d.problem)
        into v_rows, v_problems
        from trustcart.verify_audit_log() as d;
    else
        select
            count(*),
            array_agg(d.problem)
        into v_rows, v_problems
        from trustcart_private.audit_tail_differences(c_links) as d;
        select count(*) into v_links from (select from trustcart.audit_seals as s limit c_links) as l;
    end if;
    check_name := 'audit';
    status := case when v_rows > 0 then 'critical' else 'ok' end;
    finding := case
        when v_rows > 0 then format('%s faults, such as: %s', v_rows, v_problems[1])
        when p_full then 'every row and link is as it was sealed'
        when v_links = 0 then 'nothing is sealed yet'
        else format('the last %s links are as they were sealed (--full verifies all)', v_links)
    end;
    threshold := 'critical: a sealed row or a link was changed, removed or put in';
    remedy := case
        when status <> 'ok'
            then 'trustcart.verify_audit_log() has them all: somebody got past the triggers. Find out who.'
    end;
    figures := jsonb_build_array(jsonb_build_object('name', 'trustcart_audit_faults', 'value', v_rows));
    return next;

    -- The chain is in the order of transactions: what is not sealed comes after the last that is.
    select min(l.created_at)
    into v_oldest
    from trustcart.audit_logs as l
    where
        l.txid >= coalesce(
            (select s.sealed_below from trustcart.audit_seals as s order by s.position desc limit 1), '0'::xid8
        );
    v_age := greatest(coalesce(now() - v_oldest, interval '0'), interval '0');
    check_name := 'audit_seals';
    status := case
        when v_age > interval '1 day' then 'critical' when v_age > interval '1 hour' then 'warning' else 'ok'
    end;
    finding := case
        when v_oldest is null then 'all rows are sealed'
        else format('the oldest row that is not sealed is %s old', justify_interval(date_trunc('second', v_age)))
    end;
    threshold := 'warning: a row waits for an hour; critical: for a day';
    remedy := case
        when status <> 'ok'
            then 'trustcart-db run seal_audit_log; where it stays, a transaction is open: see long_transactions.'
    end;
    figures := jsonb_build_array(
        jsonb_build_object('name', 'trustcart_audit_unsealed_age_seconds', 'value', extract(epoch from v_age))
    );
    return next;
end;
$$;
comment on function trustcart.doctor_data(boolean) is
'Part of `trustcart-db doctor`: state (are the customers'' figures what the orders say? of a sample, or p_full: of all,
campaigns included), triggers (is any disabled?), audit (its newest links, or p_full: all of it) and audit_seals (are
rows sealed in time?). Rows as of doctor_rights().';

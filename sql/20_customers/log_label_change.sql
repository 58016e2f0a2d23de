create or replace function trustcart_private.log_label_change(
    p_customer_id bigint,
    p_as_of date,
    p_from_type text,
    p_to_type text,
    p_from_stage text,
    p_to_stage text,
    p_is_history boolean
)
returns void
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    insert into trustcart.customer_state_changes (
        customer_id, attribute, from_value, to_value, business_date, cause
    )
    select
        p_customer_id,
        a.attribute,
        a.from_value,
        a.to_value,
        p_as_of,
        'order'
    from (
        values
        ('customer_type', p_from_type, p_to_type),
        ('lifecycle_stage', p_from_stage, p_to_stage)
    ) as a (attribute, from_value, to_value)
    where a.from_value is distinct from a.to_value;
    if p_from_stage <> p_to_stage and not p_is_history then
        insert into trustcart.events (event_type, customer_id, payload)
        values (
            'lifecycle_stage_changed',
            p_customer_id,
            jsonb_build_object('from', p_from_stage, 'to', p_to_stage, 'business_date', p_as_of, 'cause', 'order')
        );
    end if;
end;
$$;
comment on function trustcart_private.log_label_change(bigint, date, text, text, text, text, boolean) is
'Writes the labels that a single order changed into the history, and the stage into the event feed unless the order is
history.';

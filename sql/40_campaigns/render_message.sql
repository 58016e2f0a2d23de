-- requires: render_texts, message_key

create or replace function trustcart_private.render_message(p_message_ids bigint[])
returns table (message_id bigint, subject text, body text)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    v_ids bigint[];
    v_campaign_ids bigint[];
    v_variants text[];
    v_customer_ids bigint[];
    v_facts jsonb[];
    v_keys text[];
begin
    select
        array_agg(m.id),
        array_agg(m.campaign_id),
        array_agg(m.variant),
        array_agg(m.customer_id),
        array_agg(m.facts),
        array_agg(trustcart_private.message_key(m.id, m.token))
    into v_ids, v_campaign_ids, v_variants, v_customer_ids, v_facts, v_keys
    from trustcart.campaign_messages as m
    where m.id = any(p_message_ids);
    return query
    select
        v_ids[t.place],
        t.subject,
        t.body
    from trustcart_private.render_texts(
        v_campaign_ids, v_variants, v_customer_ids, v_facts, v_keys, trustcart.business_date()
    ) as t;
end;
$$;
comment on function trustcart_private.render_message(bigint[]) is
'Subject and body of messages as they would go out now, from the campaign''s, or variant''s, present text: see
render_texts(). Rows in no order.';

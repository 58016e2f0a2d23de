-- requires: state_differences, contact_differences, word_differences, lock_customers, recomputed_figures
-- requires: write_customer_state, recount_contact_days, refresh_loyalty_tiers, business_date

create or replace function trustcart.repair_customer_state()
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
    v_ids bigint[];
    v_linked bigint[];
    v_named bigint[];
    v_as_of date := trustcart.business_date();
    v_days bigint := 0;
    v_loyalty jsonb;
begin
    v_ids := array(
        select distinct d.customer_id
        from trustcart_private.state_differences(-9223372036854775808, 9223372036854775807) as d
        order by d.customer_id
    );
    v_linked := array(select distinct d.customer_id from trustcart_private.contact_differences() as d);
    v_named := array(select distinct d.customer_id from trustcart_private.word_differences() as d);
    perform trustcart_private.lock_customers(array(select u.id from unnest(v_ids || v_linked || v_named) as u (id)));

    select greatest(v_as_of, max(c.state_as_of))
    into v_as_of
    from trustcart.customers as c
    where c.id = any(v_ids);
    perform trustcart_private.write_customer_state(
        array(
            select
                -- The history is taken at its word, so that it ends in what is written now.
                row(
                    f.customer_id,
                    f.order_count,
                    f.total_spend,
                    f.first_order_date,
                    f.last_order_date,
                    f.next_order_date,
                    (
                        select h.to_value
                        from trustcart.customer_state_changes as h
                        where h.customer_id = f.customer_id and h.attribute = 'customer_type'
                        order by h.id desc
                        limit 1
                    ),
                    coalesce(
                        (
                            select h.to_value
                            from trustcart.customer_state_changes as h
                            where h.customer_id = f.customer_id and h.attribute = 'lifecycle_stage'
                            order by h.id desc
                            limit 1
                        ),
                        'prospect'
                    )
                )::trustcart_private.customer_figures
            from unnest(trustcart_private.recomputed_figures(v_ids, v_as_of)) as f
        ),
        v_as_of,
        'rewind'
    );
    update trustcart.customers as c
    set
        family_members_count = (
            select count(*) from trustcart.customer_family_members as f where f.customer_id = c.id
        ),
        interactions_count = (
            select count(*) from trustcart.customer_interactions as i where i.customer_id = c.id
        ),
        state_revision = c.state_revision + 1
    where c.id = any(v_ids);

    if v_linked <> '{}' then
        v_days := trustcart_private.recount_contact_days();
        delete from trustcart_private.phone_book as b where b.customer_id = any(v_linked);
        insert into trustcart_private.phone_book (phone_e164, customer_id, family_member_id, kind)
        select
            k.phone_e164,
            c.id,
            null,
            k.kind
        from trustcart.customers as c
        cross join lateral (values ('phone', c.phone_e164), ('mobile', c.mobile_e164)) as k (kind, phone_e164)
        where c.id = any(v_linked) and k.phone_e164 is not null
        union all
        select
            f.phone_e164,
            f.customer_id,
            f.id,
            'phone'
        from trustcart.customer_family_members as f
        where f.customer_id = any(v_linked) and f.phone_e164 is not null;
    end if;

    delete from trustcart_private.customer_words as w where w.customer_id = any(v_named);
    insert into trustcart_private.customer_words (word, customer_id)
    select
        w.word,
        c.id
    from trustcart.customers as c
    cross join lateral unnest(
        trustcart_private.words_of_customer(c.first_name, c.last_name, c.email)
    ) as w (word)
    where c.id = any(v_named) and w.word is not null;

    v_loyalty := trustcart.refresh_loyalty_tiers();
    return jsonb_build_object(
        'customers', cardinality(v_ids),
        'contacts', cardinality(v_linked),
        'contact_days', v_days,
        'words', cardinality(v_named),
        'tiers', v_loyalty -> 'changed'
    );
end;
$$;
comment on function trustcart.repair_customer_state() is
'Counts anew what check_customer_state() finds wrong, and nothing else: for when triggers were off, or rows were written
past them. Orders of these customers wait until it ends. Dropoffs and tasks are left to the daily jobs. Returns
{"customers": whose figures were wrong, "contacts": whose contacts or numbers, "contact_days": rows counted, "words":
whose words, "tiers": changed}.';

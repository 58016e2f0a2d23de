-- requires: scrub_customers, lock_customers, check_access, erase_audit_of, emit_event, current_user_id, forget_phones

create or replace function trustcart.erase_customer(p_customer_id bigint, p_reason text default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_former constant text := coalesce(current_setting('trustcart.source_writes', true), '');
    v_ids bigint[];
    v_customer trustcart.customers;
    v_addresses text[];
    v_tokens text[];
    v_counts jsonb;
begin
    perform trustcart.check_access(p_customer_id);
    -- With the customer go those who were found to be the same person. Locked, they are looked at again.
    for v_try in 1..2 loop
        v_ids := array(
            select c.id
            from trustcart.customers as c
            where c.id = p_customer_id or c.merged_into_id = p_customer_id
            order by c.id
        );
        perform trustcart_private.lock_customers(v_ids);
    end loop;
    select c.* into v_customer from trustcart.customers as c where c.id = p_customer_id;
    if v_customer.merged_into_id is not null then
        raise exception using
            errcode = 'TC111',
            message = format('customer %s was merged into customer %s', p_customer_id, v_customer.merged_into_id),
            hint = 'Erase that customer: this one goes with it. Or undo the merge first, by undo_merge().';
    elsif v_customer.erased_at is not null then
        return jsonb_build_object(
            'customer_id', p_customer_id, 'already_erased', true, 'erased_at', v_customer.erased_at
        );
    end if;

    -- Adopted customers too: whoever asks to be forgotten is, whatever the source still knows.
    perform set_config('trustcart.source_writes', 'on', true);
    update trustcart.crm_call_tasks as t
    set status = 'cancelled', close_reason = null
    where t.customer_id = any(v_ids) and t.status = 'pending';
    update trustcart.campaign_messages as m
    set status = 'cancelled', closed_at = clock_timestamp(), close_reason = 'erased'
    where m.customer_id = any(v_ids) and m.status = 'queued';

    -- What they wrote before we knew them names nobody but the sender.
    v_addresses := array(
        select distinct lower(btrim(a.address))
        from trustcart.customers as c
        cross join lateral (
            values (c.email::text), (c.phone), (c.phone_e164), (ltrim(c.phone_e164, '+')), (c.mobile), (c.mobile_e164),
            (ltrim(c.mobile_e164, '+'))
        ) as a (address)
        where c.id = any(v_ids) and length(btrim(a.address)) >= 5
    );
    v_tokens := array(
        select n.token
        from trustcart.customers as c
        cross join lateral (values (c.phone), (c.phone_e164), (c.mobile), (c.mobile_e164)) as n (token)
        where c.id = any(v_ids) and n.token like 'enc:%'
        union
        select n.token
        from trustcart.customer_family_members as f
        cross join lateral (values (f.phone), (f.phone_e164)) as n (token)
        where f.customer_id = any(v_ids) and n.token like 'enc:%'
        union
        select f.phone
        from trustcart.customer_phone_flags as f
        where f.customer_id = any(v_ids) and f.phone like 'enc:%'
        union
        select m.address
        from trustcart.campaign_messages as m
        where m.customer_id = any(v_ids) and m.address like 'enc:%'
    );
    v_counts := trustcart_private.scrub_customers(v_ids);
    -- What of the source's row could not come over shall not come any more.
    delete from trustcart_private.adoption_quarantine as q where q.entity = 'customers' and q.source_key = any(v_ids);
    if v_tokens <> '{}' then
        perform trustcart_private.forget_phones(v_tokens);
    end if;
    update trustcart.campaign_receipts as r
    set detail = null
    where
        r.message_id is null
        and r.kind = 'inbound'
        and r.detail is not null
        and exists (select from unnest(v_addresses) as a (address) where strpos(lower(r.detail), a.address) > 0);

    insert into trustcart.customer_erasures (customer_id, erased_by, reason, result)
    select
        i.id,
        trustcart.current_user_id(),
        nullif(btrim(p_reason), ''),
        v_counts
    from unnest(v_ids) as i (id);
    perform trustcart_private.emit_event('customer_erased', i.id) from unnest(v_ids) as i (id);
    -- Last, for the audit has noted all of this as well.
    perform trustcart_private.erase_audit_of(i.id) from unnest(v_ids) as i (id);
    perform set_config('trustcart.source_writes', v_former, true);
    return jsonb_build_object(
        'customer_id', p_customer_id,
        'already_erased', false,
        'erased_at', now(),
        'merged_customers', to_jsonb(array_remove(v_ids, p_customer_id)),
        'tables', v_counts
    );
end;
$$;
comment on function trustcart.erase_customer(bigint, text) is
'Makes a person unknown, everywhere and in one transaction, as erasure_rules() says: names, numbers, addresses, dates,
family and whatever was written in words are gone from all tables, history and audit included; orders, amounts, dates
and counts stay, so that the shop''s sums do. Open calls and queued messages are cancelled, the customer stays as an
inactive number, and those merged into it go along. Consents keep channel, answer and date alone. Other services are
told by the event customer_erased. There is no way back. Old row versions, statistics and backups are the DBA''s:
vacuum and analyze let go of the first two. p_reason is kept in customer_erasures: no name belongs there. Returns
{"customer_id", "already_erased", "erased_at", "merged_customers", "tables": rows by table}; one who was erased before
stays so, unchanged. TC003 without a customer, TC004 when there is none, TC111 merged into another, TC403 not yours.';

create or replace function trustcart_private.refuse_consent_change()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Two changes are none of what was said: of an erased customer the words of the source go, and with a merge that is on
    -- record the row goes to the customer whom it turned out to be, or back. The rows themselves show it; a setting that
    -- says so could be set by anybody.
    if tg_op = 'UPDATE' then
        if
            new.source is null
            and (to_jsonb(new) - 'source') = (to_jsonb(old) - 'source')
            and exists (
                select from trustcart.customers as c where c.id = old.customer_id and c.erased_at is not null
            )
            or (to_jsonb(new) - 'customer_id') = (to_jsonb(old) - 'customer_id')
            and exists (
                select
                from trustcart.customer_merges as m
                where
                    m.undone_at is null
                    and (
                        m.duplicate_id = old.customer_id and m.survivor_id = new.customer_id
                        or m.duplicate_id = new.customer_id
                        and m.survivor_id = old.customer_id
                        and m.moved -> 'customer_consents' @> jsonb_build_array(jsonb_build_object('id', old.id))
                    )
            )
        then
            return new;
        end if;
    end if;
    raise exception using
        errcode = 'TC107',
        message = format('customer_consents is append-only: no %s', lower(tg_op)),
        hint = 'Record what holds now by record_consent(): the latest of a channel decides, and history stays.';
end;
$$;
comment on function trustcart_private.refuse_consent_change() is
'Trigger: what a customer allowed or forbade is history and is not rewritten. Raises TC107, but for the source of an
erased customer''s and for the rows that a merge, or its undoing, takes along.';

create or replace function trustcart_private.refuse_consent_change()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog
as $$
begin
    raise exception using
        errcode = 'TC107',
        message = format('customer_consents is append-only: no %s', lower(tg_op)),
        hint = 'Record what holds now by record_consent(): the latest of a channel decides, and history stays.';
end;
$$;
comment on function trustcart_private.refuse_consent_change() is
'Trigger: what a customer allowed or forbade is history and is not rewritten. Raises TC107.';

-- requires: audit_treatment, masked_phone

create or replace function trustcart_private.audit_mask(p_treatment text, p_value jsonb)
returns jsonb
language sql stable parallel safe
security invoker
return case
    when p_treatment = 'plain' or jsonb_typeof(p_value) in ('null', 'boolean') then p_value
    when p_treatment = 'secret' then '"***"'::jsonb
    when jsonb_typeof(p_value) = 'number' then p_value
    when p_treatment = 'address' then to_jsonb(trustcart_private.masked_phone(p_value #>> '{}'))
    when p_treatment = 'name' then to_jsonb(left(p_value #>> '{}', 2) || '***')
    when p_treatment = 'day' then to_jsonb(left(p_value #>> '{}', 4) || '-**-**')
    when p_treatment = 'word'
        then to_jsonb(coalesce(substring(p_value #>> '{}' from '^\s*([A-Za-z_]+)'), '') || '***')
    else '"***"'::jsonb
end;

comment on function trustcart_private.audit_mask(text, jsonb) is
'A value as audit_logs shows it, by the treatment of audit_treatment(). Never more than the column''s owner agreed to.';

create or replace function trustcart.is_successful_call(p_status text, p_successful boolean)
returns boolean
language sql immutable parallel safe
security invoker
-- Inlined: reports count by it.
return p_status = 'completed' and p_successful;

comment on function trustcart.is_successful_call(text, boolean) is
'Whether a call counts as successful: it is completed, and its outcome begins with the word "successful". Arguments:
status and successful of crm_call_tasks; what was written on a call that was skipped or cancelled is no success.';

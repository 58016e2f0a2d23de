-- requires: is_restricted

create or replace function trustcart_private.instant_of_caller(p_at timestamptz)
returns timestamptz
language plpgsql stable parallel restricted
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return case when trustcart_private.is_restricted() then now() else coalesce(p_at, now()) end;
end;
$$;
comment on function trustcart_private.instant_of_caller(timestamptz) is
'The instant that a caller gives, now by default. For agents it is always now: with a moment of their choice they could
take back what is long settled, call at quiet hours, or take over what others have claimed.';

create or replace function trustcart_private.require_channel(p_channel text)
returns text
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_channel text := lower(btrim(p_channel));
begin
    if not exists (select from trustcart.delivery_channels as d where d.channel = v_channel) then
        raise exception using
            errcode = 'TC002',
            message = format('%L is not a channel of messages', p_channel),
            hint = 'Known are '
            || (select string_agg(d.channel, ', ' order by d.channel) from trustcart.delivery_channels as d) || '.';
    end if;
    return v_channel;
end;
$$;
comment on function trustcart_private.require_channel(text) is
'The channel of messages by that name, whatever its case: one of delivery_channels. TC002 otherwise.';

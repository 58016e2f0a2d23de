create or replace function trustcart_private.require_segment(p_segment text)
returns text
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_segment text := lower(btrim(p_segment));
begin
    if nullif(v_segment, '') is null then
        raise exception using
            errcode = 'TC003',
            message = 'segment is required',
            hint = 'Give all, new, repeat, vip, inactive, or the name of a saved segment.';
    elsif v_segment not in ('all', 'new', 'repeat', 'vip', 'inactive')
        and not exists (select from trustcart.segments as s where s.name = v_segment) then
        raise exception using
            errcode = 'TC002',
            message = format('there is no segment %L', p_segment),
            hint = format(
                'Known are %s. Save one of your own with create_segment().',
                'all, new, repeat, vip, inactive'
                || coalesce((select ', ' || string_agg(s.name, ', ' order by s.name) from trustcart.segments as s), '')
            );
    end if;
    return v_segment;
end;
$$;
comment on function trustcart_private.require_segment(text) is
'The name of a segment, one of the guide''s five or a saved one, in lower case. TC002 when there is none, with the known
ones in the hint; TC003 without a name.';

create or replace function trustcart_private.check_template(p_what text, p_template text, p_of_event boolean)
returns void
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_error text := trustcart_private.template_error(p_template, p_of_event);
begin
    if v_error is not null then
        raise exception using
            errcode = 'TC006',
            message = format('%s: %s', p_what, v_error),
            hint = format(
                'Write {{ name }}; known are %s.',
                (
                    select string_agg(t.name, ', ' order by t.of_event, t.name)
                    from trustcart.template_variables as t
                    where p_of_event or not t.of_event
                )
            );
    end if;
end;
$$;
comment on function trustcart_private.check_template(text, text, boolean) is
'Raises TC006 when a template (p_what names it) is wrong, with the variables that are known in the hint.';

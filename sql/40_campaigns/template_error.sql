create or replace function trustcart_private.template_error(p_template text, p_of_event boolean)
returns text
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_error text;
begin
    select
        case
            when p.variable is not null and t.name is null
                then format('{{ %s }} at position %s is not known', p.variable, p.starts_at)
            when p.variable is not null
                then format('{{ %s }} at position %s is of campaigns with a trigger event', p.variable, p.starts_at)
            when p.rest ~ '^\{\{[^{}]*\}\}'
                then format(
                    '%s at position %s is not {{ and the name of a variable }}',
                    substring(p.rest from '^\{\{[^{}]*\}\}'), p.starts_at
                )
            when p.rest ~ '^\{\{\{|^\}\}\}'
                then format('%s at position %s is one too many', left(p.rest, 3), p.starts_at)
            when p.rest like '{{%' then format('{{ at position %s is not closed', p.starts_at)
            when p.rest like '}}%' then format('}} at position %s closes nothing', p.starts_at)
            else format('%s at position %s: only {{ name }} is known', left(p.rest, 2), p.starts_at)
        end
    into v_error
    from (
        select
            s.variable,
            s.starts_at,
            null::text as rest
        from trustcart_private.template_pieces(p_template) as s
        where s.variable is not null
        union all
        select
            null,
            s.starts_at + f.at - 1,
            substr(s.literal, f.at)
        from trustcart_private.template_pieces(p_template) as s
        cross join lateral (select regexp_instr(s.literal, '\{\{|\}\}|\{%|%\}|\{#|#\}') as at) as f
        where f.at > 0
        union all
        -- A brace that leans on a variable: {{{ name }}}.
        select
            null,
            s.at,
            substr(p_template, s.at)
        from (select regexp_instr(p_template, '\{\{\{|\}\}\}') as at) as s
        where s.at > 0
    ) as p
    left join trustcart.template_variables as t on p.variable = t.name
    where p.variable is null or t.name is null or (t.of_event and not p_of_event)
    order by p.starts_at, p.rest nulls last
    limit 1;
    return v_error;
end;
$$;
comment on function trustcart_private.template_error(text, boolean) is
'What is wrong with a template, and where (position from 1), or null: it may hold {{ name }} with a name of
template_variables, those of events only where p_of_event, and no other double brace or {% %}. Spaces inside the braces
are optional.';

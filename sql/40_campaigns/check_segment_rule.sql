create or replace function trustcart_private.check_segment_rule()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_attribute text := lower(btrim(new.attribute));
    v_known text[];
    v_wrong text;
begin
    select a.kind into new.kind from trustcart.segment_attributes as a where a.attribute = v_attribute;
    if not found then
        raise exception using
            errcode = 'TC002',
            message = format('%L is nothing a segment can ask about', new.attribute),
            hint = format(
                'Known are %s.',
                (select string_agg(a.attribute, ', ' order by a.attribute) from trustcart.segment_attributes as a)
            );
    end if;
    new.attribute := v_attribute;
    if new.kind <> 'words' then
        return new;
    end if;

    v_known := case v_attribute
        when 'customer_type' then array['new', 'repeat', 'vip', 'inactive']
        when 'lifecycle_stage' then array['prospect', 'new', 'active', 'at_risk', 'churned']
        when 'temperature' then array['hot', 'warm', 'cold']
        when 'gender' then array['female', 'male', 'other']
        when 'loyalty_tier' then array(select t.tier from trustcart.loyalty_tiers as t order by t.rank)
        when 'category_bought' then array(select g.name from trustcart.categories as g order by g.name)
        when 'rfm_segment' then array(
            select f.segment from trustcart.rfm_segments as f group by f.segment order by f.segment
        )
    end;
    -- Vocabularies are of lower case; names stay as typed.
    new.words := array(
        select
            case
                when v_attribute in ('district', 'city', 'category_bought', 'rfm_segment') then btrim(w.word)
                else lower(btrim(w.word))
            end
        from unnest(new.words) with ordinality as w (word, place)
        where btrim(w.word) <> ''
        order by w.place
    );
    select w.word
    into v_wrong
    from unnest(new.words) as w (word)
    where lower(w.word) <> all(array(select lower(btrim(k.word)) from unnest(v_known) as k (word)))
    limit 1;
    if v_known is not null and v_wrong is not null then
        raise exception using
            errcode = 'TC002',
            message = format('%L is no %s', v_wrong, replace(v_attribute, '_', ' ')),
            hint = case
                when v_known = '{}' then 'There is none yet.'
                else format('Known are %s.', array_to_string(v_known[:30], ', '))
            end;
    end if;
    return new;
end;
$$;
comment on function trustcart_private.check_segment_rule() is
'Trigger: the kind of a segment''s rule follows from its attribute; words of a vocabulary (types, stages, tiers,
categories, RFM segments ...) must be in it. TC002 for an unknown attribute or word, with the known ones in the hint.';

-- requires: require_segment

create or replace function trustcart.create_segment(
    p_name text, p_rules jsonb, p_description text default null, p_replace boolean default false
)
returns bigint
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name text := lower(btrim(p_name));
    v_id bigint;
    v_rule jsonb;
    v_place integer := 0;
    v_kind text;
    v_wrong text;
    v_words text[];
begin
    if nullif(v_name, '') is null then
        raise exception using
            errcode = 'TC003',
            message = 'name is required',
            hint = 'Give the segment a name: letters, digits and _.';
    elsif v_name !~ '^[a-z][a-z0-9_]{0,99}$' or v_name in ('all', 'new', 'repeat', 'vip', 'inactive') then
        raise exception using
            errcode = 'TC005',
            message = format('%L is no name for a segment', left(p_name, 100)),
            hint = 'At most 100 letters, digits and _, a letter first; all, new, repeat, vip and inactive are taken.';
    elsif p_rules is null or p_rules = '[]' then
        raise exception using
            errcode = 'TC003',
            message = 'rules is required',
            hint = 'Give at least one rule, such as [{"attribute": "total_spend", "at_least": 5000}].';
    elsif jsonb_typeof(p_rules) <> 'array' then
        raise exception using
            errcode = 'TC005',
            message = format('rules is a list, not of type %s', jsonb_typeof(p_rules)),
            hint = 'Give rules such as [{"attribute": "total_spend", "at_least": 5000}].';
    end if;

    insert into trustcart.segments as s (name, description)
    values (v_name, nullif(btrim(p_description), ''))
    on conflict (name) do update
    set description = coalesce(excluded.description, s.description)
    where p_replace
    returning s.id into v_id;
    if v_id is null then
        raise exception using
            errcode = 'TC110',
            message = format('there is a segment %s already', v_name),
            hint = 'Choose another name, or replace it: p_replace => true, on the command line --replace.';
    end if;
    delete from trustcart.segment_rules as r
    where r.segment_id = v_id;

    for v_rule in
        select e.rule
        from jsonb_array_elements(p_rules) with ordinality as e (rule, place)
        order by e.place
    loop
        v_place := v_place + 1;
        if jsonb_typeof(v_rule) <> 'object' then
            raise exception using
                errcode = 'TC005',
                message = format('rule %s is an object, not of type %s', v_place, jsonb_typeof(v_rule)),
                hint = 'Write {"attribute": "district", "words": ["Dhaka"]}.';
        elsif jsonb_typeof(v_rule -> 'attribute') is distinct from 'string' then
            raise exception using
                errcode = 'TC003',
                message = format('rule %s: attribute is required', v_place),
                hint = 'Name one of trustcart.segment_attributes.';
        end if;
        select a.kind
        into v_kind
        from trustcart.segment_attributes as a
        where a.attribute = lower(btrim(v_rule ->> 'attribute'));
        select format('%s: %s', k.key, case
            when k.key not in ('attribute', 'exclude', 'words', 'at_least', 'at_most') then 'no such key'
            when k.key = 'exclude' and jsonb_typeof(k.value) <> 'boolean' then 'true or false'
            when k.key = 'words' and v_kind <> 'words' then format('of no use for a %s', v_kind)
            when k.key = 'words' and (
                jsonb_typeof(k.value) <> 'array'
                or jsonb_path_exists(k.value, '$[*] ? (@.type() != "string")')
            ) then 'a list of words'
            when k.key in ('at_least', 'at_most') and v_kind <> 'range' then format('of no use for %s', v_kind)
            when k.key in ('at_least', 'at_most') and jsonb_typeof(k.value) <> 'number' then 'a number'
        end)
        into v_wrong
        from jsonb_each(v_rule) as k (key, value)
        where
            k.key not in ('attribute', 'exclude', 'words', 'at_least', 'at_most')
            or k.key = 'exclude' and jsonb_typeof(k.value) <> 'boolean'
            or k.key = 'words' and (
                v_kind <> 'words'
                or jsonb_typeof(k.value) <> 'array'
                or jsonb_path_exists(k.value, '$[*] ? (@.type() != "string")')
            )
            or k.key in ('at_least', 'at_most') and (v_kind <> 'range' or jsonb_typeof(k.value) <> 'number')
        order by k.key
        limit 1;
        if v_wrong is not null then
            raise exception using
                errcode = 'TC005',
                message = format('rule %s (%s): %s', v_place, v_rule ->> 'attribute', v_wrong),
                hint = 'A rule has attribute, perhaps exclude, and words for words, at_least or at_most for a range.';
        end if;
        v_words := case when v_rule ? 'words' then array(select jsonb_array_elements_text(v_rule -> 'words')) end;
        if v_kind = 'words' and not exists (select from unnest(v_words) as w (word) where btrim(w.word) <> '')
            or v_kind = 'range' and not v_rule ?| array['at_least', 'at_most'] then
            raise exception using
                errcode = 'TC003',
                message = format(
                    'rule %s (%s): %s is required', v_place, v_rule ->> 'attribute',
                    case when v_kind = 'words' then 'words' else 'at_least or at_most' end
                ),
                hint = 'Say which values the rule is about.';
        elsif (v_rule ->> 'at_least')::numeric > (v_rule ->> 'at_most')::numeric then
            raise exception using
                errcode = 'TC005',
                message = format(
                    'rule %s (%s): at_least %s is above at_most %s',
                    v_place, v_rule ->> 'attribute', v_rule ->> 'at_least', v_rule ->> 'at_most'
                ),
                hint = 'The range goes from at_least up to at_most.';
        end if;
        insert into trustcart.segment_rules (segment_id, attribute, kind, is_excluded, words, at_least, at_most)
        values (
            v_id,
            v_rule ->> 'attribute',
            coalesce(v_kind, ''),
            coalesce((v_rule ->> 'exclude')::boolean, false),
            v_words,
            (v_rule ->> 'at_least')::numeric,
            (v_rule ->> 'at_most')::numeric
        );
    end loop;
    return v_id;
end;
$$;
comment on function trustcart.create_segment(text, jsonb, text, boolean) is
'Saves a segment, the active customers of whom all rules hold, and returns its id. p_rules is a list such as
[{"attribute": "district", "words": ["Dhaka"]}, {"attribute": "total_spend", "at_least": 5000}, {"attribute":
"has_children", "exclude": true}], attributes as trustcart.segment_attributes has them; exclude leaves out those of
whom the rule holds. p_replace true changes one that exists. TC002 unknown attribute or word, TC003 something is
missing, TC005 malformed, TC110 the name is taken.';

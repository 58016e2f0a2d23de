create or replace function trustcart_private.agent_suits(p_agent_id bigint, p_language text, p_skill text)
returns boolean
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        p_language is null
        or exists (
            select from trustcart.agent_languages as l where l.agent_id = p_agent_id and l.language = p_language
        )
        or not exists (select from trustcart.agent_languages as l where l.agent_id = p_agent_id)
    ) and (
        p_skill is null
        or exists (select from trustcart.agent_skills as k where k.agent_id = p_agent_id and k.skill = p_skill)
        or not exists (select from trustcart.agent_skills as k where k.agent_id = p_agent_id)
    );
end;
$$;
comment on function trustcart_private.agent_suits(bigint, text, text) is
'True when an agent can take a call in that language that asks for that skill: an agent without rows in agent_languages
takes any language, one without rows in agent_skills any call; null asks for nothing.';

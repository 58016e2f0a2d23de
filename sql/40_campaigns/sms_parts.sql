create or replace function trustcart_private.sms_parts(p_text text)
returns table (encoding text, length integer, parts integer)
language plpgsql immutable parallel safe
security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    -- The alphabet of GSM 03.38, and what it writes with an escape before it.
    v_basic constant text := '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&''()*+,-./0123456789:;<=>?¡'
    'ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà' || E'\n\r';
    v_extended constant text := E'^{}\\[~]|€\f';
    v_others text := translate(p_text, v_basic, '');
    v_length integer;
begin
    if translate(v_others, v_extended, '') = '' then
        v_length := pg_catalog.length(p_text) + pg_catalog.length(v_others);
        return query select
            'GSM-7',
            v_length,
            case when v_length <= 160 then 1 else ceil(v_length / 153.0)::integer end;
    else
        -- Characters beyond U+FFFF, emoji among them, take two units.
        v_length := pg_catalog.length(p_text)
        + pg_catalog.length(regexp_replace(p_text, '[\u0001-\uffff]', '', 'g'));
        return query select
            'UCS-2',
            v_length,
            case when v_length <= 70 then 1 else ceil(v_length / 67.0)::integer end;
    end if;
end;
$$;
comment on function trustcart_private.sms_parts(text) is
'How an SMS is counted: encoding GSM-7 (160 characters, 153 each in several parts) where its alphabet does, else UCS-2
(70 and 67, as Bangla needs); length in units; parts, each of which costs.';

-- requires: freeze_campaign, business_date

create or replace function trustcart.send_due_campaigns(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_id bigint;
    v_answer jsonb;
    v_campaigns jsonb := '[]'::jsonb;
    v_failures jsonb := '[]'::jsonb;
    v_queued bigint := 0;
    v_sqlstate text;
    v_message text;
begin
    for v_id in
        select m.id
        from trustcart.marketing_campaigns as m
        where
            m.is_active
            and (m.start_date is null or m.start_date <= v_as_of)
            and (m.end_date is null or m.end_date >= v_as_of)
            and (m.trigger_event is not null or m.is_scheduled and m.frozen_at is null)
        order by m.id
    loop
        begin
            v_answer := trustcart_private.freeze_campaign(v_id, v_as_of);
            v_queued := v_queued + (v_answer ->> 'sent_count')::bigint;
            if not v_answer ? 'already_sent' then
                v_campaigns := v_campaigns || (v_answer - 'message' - 'failed_count');
            end if;
        exception
            when serialization_failure or deadlock_detected then
                raise;  -- the job tries again
            when others then
                get stacked diagnostics v_sqlstate = returned_sqlstate, v_message = message_text;
                v_failures := v_failures || jsonb_build_object(
                    'campaign_id', v_id, 'sqlstate', v_sqlstate, 'message', v_message
                );
                raise warning 'campaign % was not sent: % (%)', v_id, v_message, v_sqlstate;
        end;
    end loop;
    return jsonb_build_object(
        'as_of', v_as_of, 'sent_count', v_queued, 'campaigns', v_campaigns, 'failures', v_failures
    );
end;
$$;
comment on function trustcart.send_due_campaigns(date) is
'Daily job: sends the campaigns with is_scheduled whose start_date has come and that were not sent, and of those with a
trigger event what is due: each event once; one left out by cap or quiet_period again while it is due. A campaign that
fails stops no other: it stands in failures, and a warning is raised. Returns {"as_of", "sent_count", "campaigns":
[...], "failures": [{"campaign_id", "sqlstate", "message"}]}. TC001 for the date.';

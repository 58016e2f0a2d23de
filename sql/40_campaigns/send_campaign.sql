-- requires: freeze_campaign

create or replace function trustcart.send_campaign(p_campaign_id bigint)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return trustcart_private.freeze_campaign(
        trustcart_private.require_campaign(p_campaign_id), trustcart.business_date()
    );
end;
$$;
comment on function trustcart.send_campaign(bigint) is
'Fixes the audience of a campaign in one transaction and queues a message for each; `trustcart-db deliver` sends them.
A row of campaign_exclusions says of everyone else in the segment why not. Returns {"message": "Campaign sent to 850
customers", "sent_count": 850, "failed_count": 0, "excluded_count", "exclusions": {reason: number}, "campaign_id"}:
sent_count is what was queued, the column of that name what the channel accepted. Again, it adds nobody: sent_count 0
and already_sent. Before start_date the audience is fixed now, and the messages go out from the beginning of that day
in the business time zone. Of a campaign with a trigger event: those events that are due and were not written about
yet. TC003 without an id, TC004 unknown, TC110 not active, ended, without a message or the discount code it names, or an
event campaign that has not begun (guide: "Send Campaign to Customers").';

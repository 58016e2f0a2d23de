-- A service makes a segment and a campaign, looks before it sends, and sends: to everyone of the segment a message, or
-- the reason why not.
begin;
\ir shop.sql
update trustcart.customers set district = 'Exampleganj'
where id between 9001 and 9005;
-- Rafiq wrote STOP; Salma gave her brother's number, which is Karim's.
do $$ begin perform trustcart.record_consent(9004, 'sms', false, 'STOP'); end $$;
update trustcart.customers set phone = '01712345602'
where id = 9003;

\echo The segment: who lives there, and how many that is now. Rules are data, checked when they are saved.
select trustcart.create_segment(
    'exampleganj',
    '[{"attribute": "district", "words": ["exampleganj"]},
      {"attribute": "customer_type", "words": ["inactive"], "exclude": true}]',
    'Neighbours who are not lost'
) is not null as saved;
select trustcart.segment_count('exampleganj') as customers;
select trustcart.create_segment(
    'exampleganj', '[{"attribute": "district", "words": ["exampleganj"]}]', p_replace => true
) is not null as replaced;
select trustcart.segment_count('exampleganj') as customers;

\echo The campaign. A template may name {{ variables }} and nothing else; a typo is refused when it is saved (TC006).
select c.campaign ->> 'id' as id
from trustcart_api.create_campaign(
    'Eid Special', 'sms', 'exampleganj', 'Eid Mubarak, {{ name }}! 20% off with {{ discount_code }}.', 'EID20'
) as c (campaign) \gset
create function pg_temp.refused(p_statement text) returns text language plpgsql as $$
begin
    execute p_statement;
    return null;
exception when sqlstate 'TC006' then
    return sqlerrm;
end;
$$;
select pg_temp.refused(
    $$update trustcart.marketing_campaigns set message_template = 'Hi {{ nmae }}' where id = $$ || :id
) as refused;

\echo The preview runs the query that sending runs.
select
    p.preview -> 'segment_count' as segment,
    p.preview -> 'sent_count' as would_get_it,
    p.preview -> 'exclusions' as left_out
from trustcart.preview_campaign(:id) as p (preview);
select
    m.customer_id,
    m.address,
    m.body,
    m.parts
from trustcart.preview_campaign(:id) as p (preview)
cross join jsonb_to_recordset(p.preview -> 'messages') as m (customer_id bigint, address text, body text, parts integer)
order by m.customer_id;

\echo Sent; a second click adds nobody.
select
    a.answer ->> 'message' as message,
    a.answer -> 'sent_count' as sent_count
from trustcart_api.send_campaign(:id) as a (answer);
select
    a.answer ->> 'message' as message,
    a.answer -> 'sent_count' as sent_count
from trustcart_api.send_campaign(:id) as a (answer);

\echo The ledger: who gets it, who does not, and why.
select
    m.customer_id,
    m.status,
    null as detail
from trustcart.campaign_messages as m
where m.campaign_id = :id
union all
select
    x.customer_id,
    x.reason as status,
    regexp_replace(x.detail, '\d{4}-\d\d-\d\d', '(date)') as detail
from trustcart.campaign_exclusions as x
where x.campaign_id = :id
order by customer_id;

rollback;

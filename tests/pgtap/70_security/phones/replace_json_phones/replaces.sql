-- Phones in documents, wherever they stand in them, and nothing else.
begin;
select plan(4);

create temporary table documents as
select
    jsonb_build_object(
        'phone', '017', 'rows', '[{"mobile": "018", "notes": "017"}, {"phone": null}]'::jsonb, 'phone_e164', 5,
        'x', '{"phone": "019"}'::jsonb
    ) as document;
select set_eq(
    'select unnest(trustcart_private.json_phones(document)) from documents', array['017', '018', '019'], 'all are found'
);
select is(
    trustcart_private.replace_json_phones(document, '{"017": "A", "018": "B", "x": "C"}'),
    jsonb_build_object(
        'phone', 'A', 'rows', '[{"mobile": "B", "notes": "017"}, {"phone": null}]'::jsonb, 'phone_e164', 5,
        'x', '{"phone": "019"}'::jsonb
    ),
    'those that are known are replaced'
)
from documents;
select is(trustcart_private.replace_json_phones('{"a": [], "b": {}}', '{}'), '{"a": [], "b": {}}'::jsonb, 'empty ones');
select is(trustcart_private.json_phones('[]'), '{}', 'none');

select * from finish();
rollback;

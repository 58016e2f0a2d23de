-- What requests with an Idempotency-Key were answered, so that one sent twice is carried out once and answered alike.
-- depends: 0018_phone_vault

-- Not call_requests: that one is of a task and of a caller in SQL, keeps the arguments to compare them, and answers
-- with the task as it is by now. This one is of any request of any user, answers to the letter what was answered, and
-- knows nothing that could be read.
create table if not exists trustcart_private.answered_requests (
    user_id bigint not null,
    key_digest bytea not null,
    endpoint text not null,
    fingerprint bytea not null,
    http_status smallint not null,
    answer bytea not null,
    answered_at timestamptz not null default now(),
    constraint answered_requests_pkey primary key (user_id, key_digest),
    constraint answered_requests_user_id_fkey foreign key (user_id)
    references trustcart.users (id) on delete cascade,
    constraint answered_requests_digests_sane check (length(key_digest) = 32 and length(fingerprint) = 32),
    constraint answered_requests_endpoint_sane check (length(endpoint) between 1 and 200),
    constraint answered_requests_http_status_sane check (http_status between 200 and 399),
    constraint answered_requests_answer_sane check (length(answer) <= 1048576)
);
create index if not exists answered_requests_answered_at_idx on trustcart_private.answered_requests (answered_at);
comment on table trustcart_private.answered_requests is
'Requests that came with an Idempotency-Key and were carried out: the next of the same user and key gets the same
answer, and nothing is done again. A row is written in the transaction of the request, so one that failed leaves none. Nothing
in it can be read without the key, which is not stored: digest, fingerprint and encryption are all derived from it.';
comment on column trustcart_private.answered_requests.user_id is 'Who asked: keys of other users are other keys.';
comment on column trustcart_private.answered_requests.key_digest is
'Digest of the Idempotency-Key: 32 bytes, derived by the HTTP layer.';
comment on column trustcart_private.answered_requests.endpoint is
'Method and path of the route: POST /cdm/interaction.';
comment on column trustcart_private.answered_requests.fingerprint is
'Digest of method, path and body, keyed by the Idempotency-Key: 32 bytes. A key is not reused for another request.';
comment on column trustcart_private.answered_requests.http_status is 'The status answered.';
comment on column trustcart_private.answered_requests.answer is
'The body answered, AES-256-GCM under a key derived from the Idempotency-Key; at most 1 MiB.';
comment on column trustcart_private.answered_requests.answered_at is 'When it was carried out.';

-- The default after the column: functions bound to the row type forbid adding one that has one.
alter table trustcart.settings add column if not exists answered_requests_keep_days integer;
alter table trustcart.settings alter column answered_requests_keep_days set default 1;
update trustcart.settings set answered_requests_keep_days = default
where answered_requests_keep_days is null;
alter table trustcart.settings alter column answered_requests_keep_days set not null;
alter table trustcart.settings drop constraint if exists settings_answered_requests_keep_days_sane;
alter table trustcart.settings
add constraint settings_answered_requests_keep_days_sane check (answered_requests_keep_days between 1 and 30);
comment on column trustcart.settings.answered_requests_keep_days is
'Whole days for which a request sent again with its Idempotency-Key gets the first one''s answer; apply_retention()
removes older ones.';

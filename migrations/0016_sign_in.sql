-- Who signs in: the passwords of users, of which only the hashes are kept, and what follows from wrong ones.
-- depends: 0015_audit

-- The default after the column: functions bound to the row type forbid adding a column that has one.
alter table trustcart.settings add column if not exists sign_in_max_failures integer;
alter table trustcart.settings alter column sign_in_max_failures set default 5;
update trustcart.settings set sign_in_max_failures = default
where sign_in_max_failures is null;
alter table trustcart.settings alter column sign_in_max_failures set not null;
alter table trustcart.settings add column if not exists sign_in_lock_minutes integer;
alter table trustcart.settings alter column sign_in_lock_minutes set default 15;
update trustcart.settings set sign_in_lock_minutes = default
where sign_in_lock_minutes is null;
alter table trustcart.settings alter column sign_in_lock_minutes set not null;
alter table trustcart.settings drop constraint if exists settings_sign_in_max_failures_sane;
alter table trustcart.settings
add constraint settings_sign_in_max_failures_sane check (sign_in_max_failures between 1 and 100);
alter table trustcart.settings drop constraint if exists settings_sign_in_lock_minutes_sane;
alter table trustcart.settings
add constraint settings_sign_in_lock_minutes_sane check (sign_in_lock_minutes between 1 and 10080);
comment on column trustcart.settings.sign_in_max_failures is
'So many wrong passwords one after another lock a user''s sign-in.';
comment on column trustcart.settings.sign_in_lock_minutes is 'How long it stays locked, in minutes.';

-- A domain, not a CHECK of the table: the error of that would print the row, into the server's log too, and with it a
-- password that somebody stored in the place of its hash.
do $$
begin
    create domain trustcart_private.password_hash as text
    constraint password_hash_argon2id check (
        value ~ '^\$argon2id\$v=[0-9]+\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{16,255}$'
    );
exception when duplicate_object then
    null;  -- applied again after a crash between the DDL and its mark
end;
$$;
comment on domain trustcart_private.password_hash is
'A hash by argon2id with its parameters and salt, as argon2 writes it: $argon2id$v=19$m=65536,t=3,p=4$salt$hash.';

-- Beside trustcart.users and not in it: managers read users, and its changes are audited; nobody is granted this one.
create table if not exists trustcart_private.user_credentials (
    user_id bigint not null,
    password_hash trustcart_private.password_hash,
    password_set_at timestamptz,
    failed_attempts integer not null default 0,
    last_failed_at timestamptz,
    locked_until timestamptz,
    last_sign_in_at timestamptz,
    tokens_valid_from timestamptz,
    constraint user_credentials_pkey primary key (user_id),
    constraint user_credentials_user_id_fkey foreign key (user_id)
    references trustcart.users (id) on delete cascade,
    constraint user_credentials_password_dated check ((password_hash is null) = (password_set_at is null)),
    constraint user_credentials_failed_attempts_not_negative check (failed_attempts >= 0),
    constraint user_credentials_failure_dated check (failed_attempts = 0 or last_failed_at is not null),
    constraint user_credentials_locked_by_failures check (locked_until is null or failed_attempts > 0)
);
comment on table trustcart_private.user_credentials is
'How users sign in, a row for each who has a password or whose sessions were ended. Written by set_user_password_hash,
record_sign_in, unlock_user and sign_out_user; of the audit it sees that a password was set, never which.';
comment on column trustcart_private.user_credentials.user_id is 'The user; the row goes with the user.';
comment on column trustcart_private.user_credentials.password_hash is
'Hash of the password, made outside: the database never sees a password. Null: none, so no sign-in.';
comment on column trustcart_private.user_credentials.password_set_at is 'When the password was set; null without one.';
comment on column trustcart_private.user_credentials.failed_attempts is
'Wrong passwords since the last right one, or since a lock ran out.';
comment on column trustcart_private.user_credentials.last_failed_at is 'When the last wrong password was given.';
comment on column trustcart_private.user_credentials.locked_until is
'Until then no password is accepted, the right one neither; null: not locked.';
comment on column trustcart_private.user_credentials.last_sign_in_at is 'When the user last signed in.';
comment on column trustcart_private.user_credentials.tokens_valid_from is
'Tokens issued before this instant are refused: password changed, user disabled or signed out everywhere. Null: all
hold.';

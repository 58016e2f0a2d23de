-- Daily jobs that commit in batches, and where they stand.
-- depends: 0024_operation

alter table trustcart.job_schedules add column if not exists batch_size integer;
alter table trustcart.job_schedules drop constraint if exists job_schedules_batch_size_sane;
-- A row a job: nothing is gained by validating it later.
alter table trustcart.job_schedules
-- squawk-ignore constraint-missing-not-valid
add constraint job_schedules_batch_size_sane check (batch_size between 100 and 1000000);
comment on column trustcart.job_schedules.batch_size is
'How many customers (apply_retention: rows) the job takes in one transaction: it is called with p_limit => batch_size,
again and again until it says is_complete, and each call commits. Whoever orders meanwhile waits for one batch at most.
Null: the job takes no p_limit and is one transaction.';
update trustcart.job_schedules
set batch_size = case job_name when 'detect_dropoffs' then 10000 else 2000 end
where
    job_name in ('refresh_customer_state', 'detect_dropoffs', 'refresh_customer_behavior', 'apply_retention')
    and batch_size is null;

create table if not exists trustcart_private.batch_positions (
    job_name text not null,
    part text not null,
    task jsonb not null,
    done_to bigint not null,
    moved_at timestamptz not null default now(),
    constraint batch_positions_pkey primary key (job_name, part)
);
comment on table trustcart_private.batch_positions is
'How far a job has come that commits in batches and goes through customers or rows by id. It moves in the transaction of
each batch, so that a run that was killed goes on where it stopped; with the last batch the rows of the job go.';
comment on column trustcart_private.batch_positions.job_name is 'The job.';
comment on column trustcart_private.batch_positions.part is 'What of the job: what it goes through.';
comment on column trustcart_private.batch_positions.task is
'What the batches have in common, such as the date and the thresholds. Another task begins at the beginning.';
comment on column trustcart_private.batch_positions.done_to is 'The greatest id that is done.';
comment on column trustcart_private.batch_positions.moved_at is 'When the last batch was.';

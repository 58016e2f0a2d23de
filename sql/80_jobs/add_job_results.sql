create or replace function trustcart.add_job_results(p_sum jsonb, p_result jsonb)
returns jsonb
language plpgsql immutable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select
            coalesce(
                jsonb_object_agg(
                    coalesce(s.key, r.key),
                    case
                        when jsonb_typeof(s.value) = 'number' and jsonb_typeof(r.value) = 'number'
                            then to_jsonb(s.value::numeric + r.value::numeric)
                        when jsonb_typeof(s.value) = 'object' and jsonb_typeof(r.value) = 'object'
                            then trustcart.add_job_results(s.value, r.value)
                        else coalesce(r.value, s.value)
                    end
                ),
                '{}'
            )
        from jsonb_each(p_sum) as s
        full join jsonb_each(p_result) as r on s.key = r.key
    );
end;
$$;
comment on function trustcart.add_job_results(jsonb, jsonb) is
'What the batches of a job reported, as one report: counts are added up, also within objects; of the rest (as_of,
is_complete) the latest stands. For the job procedures, which run as their caller.';

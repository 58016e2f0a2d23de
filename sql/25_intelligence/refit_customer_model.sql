-- requires: fit_customer_model

create or replace function trustcart.refit_customer_model(p_as_of date default trustcart.business_date())
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_as_of date := trustcart_private.require_date(p_as_of);
    v_model trustcart.customer_models;
begin
    if exists (select from trustcart.customer_models as m where m.orders_to >= v_as_of - 28) then
        return jsonb_build_object('message', 'The last fit is younger than four weeks');
    end if;
    v_model := trustcart.fit_customer_model(null, v_as_of - 1);
    return jsonb_build_object(
        'message', coalesce(
            'Did not converge, so the model before it stays: ' || v_model.problem,
            format('Fitted model %s to %s customers', v_model.id, v_model.customers)
        ),
        'model_id', v_model.id, 'is_converged', v_model.is_converged
    );
exception when sqlstate 'TC220' then
    -- A young shop: no failure, and tried again tomorrow.
    return jsonb_build_object('message', sqlerrm);
end;
$$;
comment on function trustcart.refit_customer_model(date) is
'Daily job: fits the customer model anew, to all orders before the date, when the last fit is four weeks old. Result:
message, model_id, is_converged. Errors: TC001.';

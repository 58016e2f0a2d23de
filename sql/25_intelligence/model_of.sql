create or replace function trustcart_private.model_of(p_as_of date)
returns trustcart.customer_models
language sql stable parallel safe
security invoker
begin atomic
-- Only models fitted before the day: what was planned in the morning is planned again the same at noon, and in a year.
select m
from trustcart.customer_models as m
cross join trustcart.settings as s
where
    m.is_converged
    and (m.id = s.customer_model_id or (s.customer_model_id is null and m.fitted_on < p_as_of))
order by m.fitted_on desc, m.id desc
limit 1;
end;
comment on function trustcart_private.model_of(date) is
'The model in use on a date: that of settings.customer_model_id, else the last one fitted before the date that
converged; null without one.';

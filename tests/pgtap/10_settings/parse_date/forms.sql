-- Dates of the API come as YYYY-MM-DD; everything else is TC001 and not a guess.
begin;
select plan(17);

select is(trustcart_private.parse_date('2025-12-19'), date '2025-12-19', 'YYYY-MM-DD');
select is(trustcart_private.parse_date(' 2025-12-19 '), date '2025-12-19', 'blanks around it do not matter');
select is(trustcart_private.parse_date('2024-02-29'), date '2024-02-29', 'a leap day of a leap year');
select throws_ok(
    format('select trustcart_private.parse_date(%L)', t.text), 'TC001', null, format('%L is no date', t.text)
)
from (
    values
    ('2025-13-40'), ('2025-02-29'), ('2025-00-10'), (''), ('   '), ('infinity'), ('-infinity'), ('today'),
    ('02/03/2025'), ('20251219'), ('2025-12-19T10:00:00Z'), ('19-12-2025'), ('1899-12-31')
) as t (text);
select throws_ok('select trustcart_private.parse_date(null)', 'TC001', 'null is not a date', 'null is none either');

select * from finish();
rollback;

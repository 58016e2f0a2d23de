-- Text messages reach every number but the landlines of Bangladesh.
begin;
select plan(1);

select results_eq(
    $$select trustcart.is_mobile_number(v.number) from (
        values
        (1, '+8801711223344'), (2, '+88029876543'), (3, '+447700900123'), (4, 'enc:mobile:x'), (5, 'enc:landline:x'),
        (6, null)
    ) as v (place, number) order by v.place$$,
    array[true, false, true, true, false, null],
    'mobile, landline, abroad; tokens of either; no number'
);

select * from finish();
rollback;

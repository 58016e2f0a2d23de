begin;
select plan(10);

select is(trustcart_private.mask_address(t.address), t.masked, t.address)
from (
    values
    ('john@example.com', 'jo***@example.com'), ('jo@example.com', 'jo***@example.com'), ('j@example.com', 'j***@example.com'),
    ('@example.com', '***@example.com'), ('"john@home"@example.com', '"j***@example.com'),
    ('+8801712345664', '+88017***64'), ('+4512345678', '+45123***78'), ('+451234567', '+45***67'),
    ('01712345678', '017***78'), ('customer:12', 'customer:12')
) as t (address, masked);

select * from finish();
rollback;

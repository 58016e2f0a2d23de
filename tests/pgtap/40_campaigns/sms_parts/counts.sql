-- SMS are counted in septets, or in UTF-16 units where the alphabet of GSM does not do.
begin;
select plan(11);

create temporary table said (text text, encoding text, length integer, parts integer);
insert into said values
('', 'GSM-7', 0, 1),
('Eid Mubarak! 20% off', 'GSM-7', 20, 1),
(repeat('a', 160), 'GSM-7', 160, 1),
(repeat('a', 161), 'GSM-7', 161, 2),
(repeat('a', 306), 'GSM-7', 306, 2),
(repeat('a', 307), 'GSM-7', 307, 3),
('{€}', 'GSM-7', 6, 1),
('ঈদ মোবারক', 'UCS-2', 9, 1),
(repeat('ক', 70), 'UCS-2', 70, 1),
(repeat('ক', 71), 'UCS-2', 71, 2),
('🎉 Eid', 'UCS-2', 6, 1);

select is((s.encoding, s.length, s.parts)::text, (e.encoding, e.length, e.parts)::text, left(e.text, 20))
from said as e
cross join lateral trustcart_private.sms_parts(e.text) as s;

select * from finish();
rollback;

-- {{ name }} of a table of variables, and nothing else.
begin;
select plan(24);

create temporary table said (template text, of_event boolean, error text);
insert into said values
('no variable', false, null),
('Hi {{ name }}, {{name}} and {{  discount_code  }}', false, null),
('a { single } brace, 50% off # {', false, null),
('{{ name }}{{ first_name }}', false, null),
('', false, null),
(null, false, null),
('{{ event_name }}', true, null),
('{{ event_name }}', false, '{{ event_name }} at position 1 is of campaigns with a trigger event'),
('Hi {{ nam }}', false, '{{ nam }} at position 4 is not known'),
('{{ name }} {{ a }} {{ b }}', false, '{{ a }} at position 12 is not known'),
('Hi {{ name', false, '{{ at position 4 is not closed'),
('Hi {{', false, '{{ at position 4 is not closed'),
('Hi name }}', false, '}} at position 9 closes nothing'),
('{{ name }} }}', false, '}} at position 12 closes nothing'),
('{{}}', false, '{{}} at position 1 is not {{ and the name of a variable }}'),
('{{ name | upper }}', false, '{{ name | upper }} at position 1 is not {{ and the name of a variable }}'),
('{{ Name }}', false, '{{ Name }} at position 1 is not {{ and the name of a variable }}'),
('{{ name.first }}', false, '{{ name.first }} at position 1 is not {{ and the name of a variable }}'),
('{{ 1 }}', false, '{{ 1 }} at position 1 is not {{ and the name of a variable }}'),
('x {% if name %}', false, '{% at position 3: only {{ name }} is known'),
('{# note #}', false, '{# at position 1: only {{ name }} is known'),
('{{{ name }}}', false, '{{{ at position 1 is one too many'),
('{{ name }}}', false, '}}} at position 9 is one too many'),
('{{ {{ name }} }}', false, '{{ at position 1 is not closed');

select is(trustcart_private.template_error(s.template, s.of_event), s.error, coalesce(s.template, 'null'))
from said as s;

select * from finish();
rollback;

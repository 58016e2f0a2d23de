begin;
select plan(9);
select is(
    trustcart_private.quiet_ends_at('2026-03-10 23:00+06', 'Asia/Dhaka', '22:00', '08:00'),
    timestamptz '2026-03-11 08:00+06', 'before midnight'
);
select is(
    trustcart_private.quiet_ends_at('2026-03-11 01:00+06', 'Asia/Dhaka', '22:00', '08:00'),
    timestamptz '2026-03-11 08:00+06', 'after midnight'
);
select is(
    trustcart_private.quiet_ends_at('2026-03-11 08:00+06', 'Asia/Dhaka', '22:00', '08:00'), null, 'the end is outside'
);
select is(
    trustcart_private.quiet_ends_at('2026-03-11 22:00+06', 'Asia/Dhaka', '22:00', '08:00'),
    timestamptz '2026-03-12 08:00+06', 'the beginning is inside'
);
select is(trustcart_private.quiet_ends_at('2026-03-11 12:00+06', 'Asia/Dhaka', '22:00', '08:00'), null, 'noon');
select is(
    trustcart_private.quiet_ends_at('2026-03-11 14:00+06', 'Asia/Dhaka', '13:00', '15:30'),
    timestamptz '2026-03-11 15:30+06', 'hours within a day'
);
select is(trustcart_private.quiet_ends_at('2026-03-11 15:30+06', 'Asia/Dhaka', '13:00', '15:30'), null, 'after them');
select is(
    trustcart_private.quiet_ends_at('2026-03-11 23:00+06', 'Europe/London', '22:00', '08:00'), null, 'where it is 17:00'
);
select is(trustcart_private.quiet_ends_at('2026-03-11 23:00+06', 'Asia/Dhaka', null, null), null, 'no quiet hours');
select * from finish();
rollback;

-- Rows narrow what an agent takes; without rows, or without a wish, everything suits.
begin;
select plan(1);

insert into trustcart.users (id, name) values (1, 'Any'), (2, 'Bangla'), (3, 'Bangla, complaints'), (4, 'Complaints');
insert into trustcart.agent_languages (agent_id, language) values (2, 'bn'), (2, 'hi'), (3, 'bn');
insert into trustcart.agent_skills (agent_id, skill) values (3, 'complaints'), (4, 'complaints'), (4, 'sales');

select results_eq(
    $$select format('%s %s', coalesce(w.language, '-'), coalesce(w.skill, '-')),
        string_agg(u.id::text, ',' order by u.id)
            filter (where trustcart_private.agent_suits(u.id, w.language, w.skill))
    from trustcart.users as u
    cross join (
        values (1, null, null), (2, 'bn', null), (3, 'en', null), (4, null, 'sales'), (5, 'bn', 'sales'),
        (6, 'en', 'complaints'), (7, 'en', 'other')
    ) as w (n, language, skill)
    group by w.n, w.language, w.skill order by w.n$$,
    $$values ('- -', '1,2,3,4'), ('bn -', '1,2,3,4'), ('en -', '1,4'), ('- sales', '1,2,4'), ('bn sales', '1,2,4'),
    ('en complaints', '1,4'), ('en other', '1')$$,
    'who suits what'
);

select * from finish();
rollback;

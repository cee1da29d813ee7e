-- What a version of this revision writes beyond the tenth one: a crawl that was stopped before its work was done.
insert into crawl (portal_id, started_at, finished_at, outcome, cause, counts, software_version, host)
values (1, '2020-03-01 00:00+00', '2020-03-01 00:10+00', 'stopped', 'stopped early (shutdown): 1 new, 0 changed', '{"stopped": 1}', '0.1.0',
        'sample');
-- And a portal that its operator has forgotten.
insert into portal (name, title, family, entry, forgotten_at)
values ('mistyped.example', 'mistyped.example', 'generic', 'https://mistyped.example/', '2020-03-02 00:00+00');

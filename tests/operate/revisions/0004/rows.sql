-- What a version of this revision writes beyond the third one: a crawl that has not seen all that the portal promised.
insert into crawl (portal_id, started_at, finished_at, outcome, cause, software_version, host)
values (1, '2020-01-01 00:00+00', '2020-01-01 00:10+00', 'incomplete', 'the list names 3 pages, 2 could be read', '0.1.0', 'sample');

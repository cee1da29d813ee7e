-- What a version of this revision writes beyond the first one: what a report needs to be replayed, schedules, alarms.
insert into version_capture (report_version_id, capture_id) values (12, 42), (13, 45);
insert into version_capture (report_version_id, capture_id, part) values (17, 6, 2);
insert into schedule (portal, policy) values ('hlbe', 'daily'), ('sxxz', 'off');
insert into alarm (portal_id, crawl_id, turned, delivered_at) values (1, 1, 'bad', null), (1, 2, 'good', now());

-- What a version of this revision writes beyond the second one: URLs that are too long for a btree.
insert into channel (portal_id, url, title, first_seen, last_seen)
select 1, 'https://www.hlbe.gov.cn/' || string_agg(md5(number::text), ''), '年报', now(), now() from generate_series(1, 300) number;
insert into report_place (report_id, url, first_seen, last_seen)
select 1, 'https://www.hlbe.gov.cn/' || string_agg(md5(number::text), ''), now(), now() from generate_series(1, 300) number;

-- Of a database of revision 0006 after the rows of the first one: four reports that older rules stored twice or three times.
-- The mobile copy of each in a folder of its own, read a day later with the same text.
create temporary table twin as
select r.id as original, r.id + 1000 as id, r.portal_id, p.name as portal,
       replace(r.url, '/OpennessAnnualReport/', '/wap/OpennessAnnualReport/') as url
from report r join portal p on p.id = r.portal_id
where r.id in (select id from report order by id limit 4);
-- Of the first two a row with the session of a server beside it, whose text was corrected since.
insert into twin
select original, id + 1000, portal_id, portal, replace(url, '/wap/', '/') || ';jsessionid=0A1B2C3D4E5F' from twin where id < 1003;

insert into capture (id, record_id, warc_file_id, "offset", length, url, method, status, fetched_at, payload_sha256,
                     payload_length, reconstructed, role, portal_id, crawl_id)
select t.id + 100000, 'urn:uuid:' || lpad(t.id::text, 32, '0'), c.warc_file_id, t.id * 1000000, c.length, t.url, 'GET', 200,
       c.fetched_at + (t.id / 1000) * interval '1 day', c.payload_sha256, c.payload_length, false, 'report', t.portal_id, c.crawl_id
from twin t
join report_version v on v.report_id = t.original and v.number = 1
join capture c on c.id = v.capture_id;

insert into report (id, portal_id, url, key, year, issuer, first_seen, last_seen, checked_at, gone_at)
select t.id, t.portal_id, t.url, report_key(t.portal, t.url, 0), r.year, r.issuer, c.fetched_at, c.fetched_at, c.fetched_at, null
from twin t join report r on r.id = t.original join capture c on c.id = t.id + 100000;

insert into report_version (id, report_id, number, capture_id, crawl_id, title, text, text_sha256, extracted_text, edits, flags,
                            published_on, dates, year, issuer, source, fields, grids, images, media_type, encoding,
                            extractor_version, reason, created_at)
select t.id, t.id, 1, t.id + 100000, v.crawl_id, v.title, said.text, encode(sha256(convert_to(said.text, 'UTF8')), 'hex'), said.text,
       '[]', v.flags, v.published_on, v.dates, v.year, v.issuer, v.source, v.fields, v.grids, v.images, v.media_type, v.encoding,
       v.extractor_version, 'crawl', c.fetched_at
from twin t
join report_version v on v.report_id = t.original and v.number = 1
join capture c on c.id = t.id + 100000
cross join lateral (select case when t.id < 2000 then v.text else v.text || chr(10) || '更正' end as text) as said;

update report r set current_version = 1 from twin t where t.id = r.id;
insert into report_place (report_id, url, first_seen, last_seen)
select t.id, 'https://www.hlbe.gov.cn/wap/list.html', r.first_seen, r.last_seen from twin t join report r on r.id = t.id;
select setval(pg_get_serial_sequence('report', 'id'), 5000), setval(pg_get_serial_sequence('report_version', 'id'), 5000),
       setval(pg_get_serial_sequence('capture', 'id'), 500000);
drop table twin;

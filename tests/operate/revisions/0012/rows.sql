-- What a version of this revision writes beyond the eleventh one: what of a text stands in another one.
update report_version set reuse_version = '0' where report_id < 3;
insert into reuse (report_version_id, other_version_id, kind, share, characters, spans)
select a.id, b.id, 'year_before', 0.5, 100, '[[0, 50]]' from report_version a, report_version b
where a.report_id = 1 and a.number = 1 and b.report_id = 2 and b.number = 1;

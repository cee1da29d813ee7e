-- What a version of this revision writes beyond the fourth one: the former URL and key of a report.
insert into report_alias (key, portal_id, url, report_id)
select report_key('hlbe', former.url, 0), r.portal_id, former.url, r.id
from (select id, portal_id, url || '?from=list' as url from report order by id limit 1) as former
join report r on r.id = former.id;

-- What a version of this revision writes beyond the ninth one: a report that is withheld.
insert into withheld (report_id, scope, reason) select min(id), 'original', 'sample' from report;

-- What a version of this revision writes beyond the fifth one: the organ of a report, here one whose text no longer names it.
update report_version set organ = '呼伦贝尔市教育局', organ_division = '150700', organ_evidence = 'title: 市教育局' where id = 1;
update report set organ = '呼伦贝尔市教育局', division = '150700' where id = 1;

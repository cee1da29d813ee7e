-- What a version of this revision writes beyond the seventh one: figures, their checks, and which report stands for its organ and year.
update report_version set statutory_version = '0', statutory_tables = '{T3}' where number = 1 and report_id < 4;
insert into statutory_cell (report_version_id, position, statement, "table", layout, "row", col, raw, value, semantic, method, row_label, col_label, verdict, grid, grid_row, grid_col)
select id, 0, 0, 'T3', 'C', 'new_received', 'total', '12', 12, 'number', 'grid', '一、本年新收政府信息公开申请数量', '总计', 'fail', 1, 3, 9
from report_version where number = 1 and report_id < 4;
insert into statutory_omission (report_version_id, position, statement, "table", layout, "row", raw, reason, start, "end")
select id, 1, 0, 'T3', 'C', 'granted', '7', 'the columns of these figures cannot be known', 100, 101
from report_version where number = 1 and report_id < 4;
insert into statutory_check (report_version_id, position, rule, at, lhs, rhs, delta, status, severity)
select id, 0, 'E1', 'total', 12, 11, 1, 'fail', 'hard' from report_version where number = 1 and report_id < 4;
insert into indicator (report_version_id, position, key, value, unit, evidence, start, "end", approximate, derived)
select id, 0, 'requests.received', 12, '件', '收到申请12件', 40, 47, false, false from report_version where number = 1 and report_id < 4;
update report set stood_by = 2 where id = 3;

"""The diff that people read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.analysis.diff import compare


def test_a_corrected_figure_is_seen_inside_its_line() -> None:
    (change,) = compare("一、总体情况\n全年收到申请12件。\n无。", "一、总体情况\n全年收到申请21件。\n无。")
    assert (change.old_line, change.new_line) == (2, 2)
    assert "".join(p.text for p in change.pieces if p.kind != "new") == "全年收到申请12件。"
    assert "".join(p.text for p in change.pieces if p.kind != "old") == "全年收到申请21件。"
    assert any(p.kind == "same" and "全年收到申请" in p.text for p in change.pieces)


def test_added_and_removed_lines_stand_on_their_side() -> None:
    (added,) = compare("甲", "甲\n乙")
    assert (added.old_line, added.new_line) == (None, 2)
    (removed,) = compare("甲\n乙", "甲")
    assert (removed.old_line, removed.new_line) == (2, None)


@given(
    st.lists(st.sampled_from(["甲", "乙乙", "丙1", "丙2", ""])),
    st.lists(st.sampled_from(["甲", "乙乙", "丙1", "丙3", ""])),
)
def test_the_changes_lead_from_one_text_to_the_other(old: list[str], new: list[str]) -> None:
    a, b = "\n".join(old), "\n".join(new)
    changes = compare(a, b)
    gone = {c.old_line for c in changes if c.old_line}
    came = {c.new_line for c in changes if c.new_line}
    kept_a = [line for i, line in enumerate(a.splitlines(), 1) if i not in gone]
    kept_b = [line for i, line in enumerate(b.splitlines(), 1) if i not in came]
    assert kept_a == kept_b
    assert bool(changes) == (a.splitlines() != b.splitlines())

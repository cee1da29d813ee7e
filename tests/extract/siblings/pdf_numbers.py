"""Pages of a PDF by their lines, and the lines that are no page numbers."""

from __future__ import annotations

CASES: dict[str, tuple[list[list[str]], list[str]]] = {
    "figures on lines of their own": ([["行政许可", "128", "行政处罚", "46"]], ["行政许可", "128", "行政处罚", "46"]),
    "numbers at the foot": ([["甲。", "1"], ["乙。", "2"], ["丙。", "3"]], ["甲。", "乙。", "丙。"]),
    "numbers at the head": ([["1", "甲。"], ["2", "乙。"]], ["甲。", "乙。"]),
    "between dashes": ([["甲。", "— 1 —"], ["乙。", "- 2 -"], ["丙。", "－3－"]], ["甲。", "乙。", "丙。"]),
    "in words": ([["甲。", "第 1 页"], ["乙。", "第 2 页 共 2 页"]], ["甲。", "乙。"]),
    "of how many": ([["甲。", "1/2"], ["乙。", "2 / 2"]], ["甲。", "乙。"]),
    "beginning in the middle of a count": ([["甲。", "11"], ["乙。", "12"], ["丙。", "13"]], ["甲。", "乙。", "丙。"]),
    "a cover without a number": ([["封面。"], ["甲。", "1"], ["乙。", "2"]], ["封面。", "甲。", "乙。"]),
    "last lines that are figures": ([["行政许可", "128"], ["行政处罚", "46"]], ["行政许可", "128", "行政处罚", "46"]),
    "a figure and a number at the foot": ([["许可", "128", "1"], ["处罚", "46", "2"]], ["许可", "128", "处罚", "46"]),
    "a figure that would fit once": (
        [["甲。", "1"], ["收到", "2", "3"], ["乙。", "3"]],
        ["甲。", "收到", "2", "3", "乙。"],
    ),
    "one page with a bare figure": ([["总计", "21"]], ["总计", "21"]),
    "one page with a dressed number": ([["甲。", "— 1 —"]], ["甲。"]),
    "one page with its number": ([["甲。", "1"]], ["甲。", "1"]),
    "figures at head and foot": ([["2", "甲。", "1"], ["5", "乙。", "2"]], ["2", "甲。", "5", "乙。"]),
}

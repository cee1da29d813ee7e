"""Filled statutory forms of a made-up place, as the law lays them out: the truth that deformed pages are held against."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

NUMERALS = "一二三四五六七"
# fmt: off
T3_LABELS = {
    "new_received": "一、本年新收政府信息公开申请数量", "carried_in": "二、上年结转政府信息公开申请数量",
    "granted": "（一）予以公开", "partial": "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    "denied.state_secret": "1.属于国家秘密", "denied.other_law": "2.其他法律行政法规禁止公开",
    "denied.three_securities": "3.危及“三安全一稳定”", "denied.third_party": "4.保护第三方合法权益",
    "denied.internal": "5.属于三类内部事务信息", "denied.process": "6.属于四类过程性信息",
    "denied.case_file": "7.属于行政执法案卷", "denied.admin_query": "8.属于行政查询事项",
    "unable.not_held": "1.本机关不掌握相关政府信息", "unable.must_create": "2.没有现成信息需要另行制作",
    "unable.unclear": "3.补正后申请内容仍不明确",
    "not_processed.petition": "1.信访举报投诉类申请", "not_processed.repeat": "2.重复申请",
    "not_processed.publication": "3.要求提供公开出版物", "not_processed.massive": "4.无正当理由大量反复申请",
    "not_processed.confirm": "5.要求行政机关确认或重新出具已获取信息",
    "other": "（六）其他处理",
    "other.no_correction": "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "other.fee_unpaid": "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "other.other": "3.其他",
    "processed_total": "（七）总计", "carried_out": "四、结转下年度继续办理",
}
GROUPS = {"denied": "（三）不予公开", "unable": "（四）无法提供", "not_processed": "（五）不予处理", "other.": "（六）其他处理"}
T3_COLS = {"natural": "自然人", "enterprise": "商业企业", "research": "科研机构", "ngo": "社会公益组织",
           "legal": "法律服务机构", "other": "其他", "total": "总计"}
T2_LABELS = {"regulations": "规章", "normative_documents": "规范性文件", "licensing": "行政许可", "other_services": "其他对外管理服务事项",
             "penalties": "行政处罚", "coercion": "行政强制", "fees": "行政事业性收费", "procurement": "政府集中采购"}
T2_COLS = {"made_this_year": "本年新制作数量", "newly_disclosed": "本年新公开数量", "disclosed_total": "对外公开总数量",
           "last_year_items": "上一年项目数量", "change": "本年增/减", "procurement_items": "采购项目数量",
           "procurement_amount": "采购总金额", "issued": "本年制发件数", "repealed": "本年废止件数", "in_force": "现行有效件数",
           "fee_amount": "本年收费金额（单位：万元）"}
T2_BLOCKS = {
    "B": [("一", ("made_this_year", "newly_disclosed", "disclosed_total"), ("regulations", "normative_documents")),
          ("五", ("last_year_items", "change", "decisions"), ("licensing", "other_services")),
          ("六", ("last_year_items", "change", "decisions"), ("penalties", "coercion")),
          ("八", ("last_year_items", "change"), ("fees",)),
          ("九", ("procurement_items", "procurement_amount"), ("procurement",))],
    "C": [("一", ("issued", "repealed", "in_force"), ("regulations", "normative_documents")),
          ("五", ("decisions",), ("licensing",)), ("六", ("decisions",), ("penalties", "coercion")),
          ("八", ("fee_amount",), ("fees",))],
}
T4_ROWS = {"review": "行政复议", "litigation.direct": "未经复议直接起诉", "litigation.after_review": "复议后起诉"}
T4_COLS = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结", "total": "总计"}
# fmt: on


def rows_of_t3(layout: str) -> list[str]:
    """The keys of the rows of T3 in their order."""
    skipped = {"B": {"other.no_correction", "other.fee_unpaid", "other.other"}, "C": {"other"}}[layout]
    return [key for key in T3_LABELS if key not in skipped]


@dataclass
class Box:
    """A cell of a form. key: (table, row, col) of a figure, None for words."""

    text: str
    rows: int = 1
    cols: int = 1
    key: tuple[str, str, str] | None = None
    kind: str = "label"


Lines = list[list[Box]]


@dataclass
class Truth:
    """What one form holds. printed: the raw cell by (table, row, col). values: its reading; None for a blank."""

    layout: str
    printed: dict[tuple[str, str, str], str] = field(default_factory=dict)
    values: dict[tuple[str, str, str], float | int | None] = field(default_factory=dict)

    def put(self, table: str, row: str, col: str, value: float | None, raw: str | None = None) -> None:
        self.printed[table, row, col] = ("" if value is None else str(value)) if raw is None else raw
        self.values[table, row, col] = value


def fill(rng: random.Random, layout: str, *, blanks: float = 0.0, true_sums: bool = True) -> Truth:
    """Random figures, with sums that hold unless told otherwise. blanks: the share of zeros that are left blank."""
    truth = Truth(layout)

    def blank(value: int) -> int | None:
        return None if value == 0 and rng.random() < blanks else value

    for _, cols, rows in T2_BLOCKS[layout]:
        for row in rows:
            for col in cols:
                _fill_t2(truth, rng, row, col, blank)
    results = rows_of_t3(layout)[2:-2]
    columns = list(T3_COLS)[:-1]
    grid = {(row, col): (rng.randint(1, 4000) if rng.random() < 0.3 else 0) for row in results for col in columns}
    for col in columns:
        done = sum(grid[row, col] for row in results)
        carried_in = min(rng.choice([0, 0, 1, 7]), done)
        carried_out = rng.choice([0, 0, 2])
        grid |= {("processed_total", col): done, ("carried_out", col): carried_out, ("carried_in", col): carried_in}
        grid["new_received", col] = done + carried_out - carried_in
    for row in rows_of_t3(layout):
        for col in columns:
            truth.put("T3", row, col, blank(grid[row, col]))
        total = sum(grid[row, col] for col in columns)
        truth.put("T3", row, "total", blank(total if true_sums else total + rng.choice([0, 1, 2])))
    for row in T4_ROWS:
        parts = [rng.choice([0, 0, 1, 12, 345]) for _ in range(4)]
        for col, value in zip(T4_COLS, [*parts, sum(parts)], strict=True):
            truth.put("T4", row, col, blank(value))
    return truth


def _fill_t2(truth: Truth, rng: random.Random, row: str, col: str, blank: object) -> None:
    value: float | None = rng.choice([0, 0, 3, 26, 447228, rng.randint(1, 99999)])
    if col == "change":
        number = rng.choice([0, 12, 13, 821])
        sign = rng.choice(["增", "减", "+", "-", ""]) if number else ""
        truth.put("T2", row, col, -number if sign in {"减", "-"} else number, f"{sign}{number}")
    elif col in {"fee_amount", "procurement_amount"}:
        raw = rng.choice(["96171.6", "0", "70487元", "31.17亿元", "20.3万元", "153103.83"])
        truth.put("T2", row, col, float(raw.rstrip("亿万元")), raw)
    else:
        truth.put("T2", row, col, blank(value) if callable(blank) and isinstance(value, int) else value)


def t2_lines(truth: Truth) -> Lines:
    lines: Lines = []
    for number, cols, rows in T2_BLOCKS[truth.layout]:
        lines.append([Box(f"第二十条第（{number}）项", cols=4)])
        names = {"decisions": "处理决定数量" if truth.layout == "B" else "本年处理决定数量", **T2_COLS}
        width = 3 if len(cols) == 1 else 1
        pad = [Box("", kind="pad")] if len(cols) == 2 else []
        lines.append([Box("信息内容"), *(Box(names[col], cols=width, kind="head") for col in cols), *pad])
        for row in rows:
            label = ("行政" if truth.layout == "C" and row == "normative_documents" else "") + T2_LABELS[row]
            cells = [Box(truth.printed["T2", row, col], cols=width, key=("T2", row, col), kind="value") for col in cols]
            lines.append([Box(label), *cells, *([Box("", kind="pad")] if pad else [])])
    return lines


def t3_head() -> Lines:
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    names = list(T3_COLS.values())
    return [
        [Box(note, rows=3, cols=3), Box("申请人情况", cols=7, kind="head")],
        [
            Box("自然人", rows=2, kind="head"),
            Box("法人或其他组织", cols=5, kind="head"),
            Box("总计", rows=2, kind="head"),
        ],
        [Box(name, kind="head") for name in names[1:-1]],
    ]


def t3_lines(truth: Truth, *, parts: int = 1) -> Lines:
    """parts: in how many pieces the group of results is cut, its label repeated, as where Word begins a page."""
    lines = t3_head()
    keys = rows_of_t3(truth.layout)
    middle = keys[2:-1]
    cuts = {0: len(middle)} if parts == 1 else {0: 10, 10: len(middle) - 10}
    for key in keys:
        values = [Box(truth.printed["T3", key, col], key=("T3", key, col), kind="value") for col in T3_COLS]
        label = T3_LABELS[key]
        if key in {keys[0], keys[1], keys[-1]}:
            lines.append([Box(label, cols=3), *values])
            continue
        at = middle.index(key)
        outer = [Box("三、本年度办理结果", rows=cuts[at])] if at in cuts else []
        group = next((name for name in GROUPS if key.startswith(name) and key != "other"), None)
        if group is None:
            lines.append([*outer, Box(label, cols=2), *values])
            continue
        members = [one for one in middle if one.startswith(group)]
        inner = [Box(GROUPS[group], rows=len(members))] if members[0] == key else []
        lines.append([*outer, *inner, Box(label), *values])
    return lines


def t4_lines(truth: Truth) -> Lines:
    heads = list(T4_COLS.values())
    values = [
        Box(truth.printed["T4", row, col], key=("T4", row, col), kind="value") for row in T4_ROWS for col in T4_COLS
    ]
    return [
        [Box("行政复议", cols=5, kind="head"), Box("行政诉讼", cols=10, kind="head")],
        [
            *(Box(name, rows=2, kind="head") for name in heads),
            Box("未经复议直接起诉", cols=5, kind="head"),
            Box("复议后起诉", cols=5, kind="head"),
        ],
        [Box(name, kind="head") for name in [*heads, *heads]],
        values,
    ]


def t4_rows(truth: Truth) -> Lines:
    """T4 turned on its side: a row for review and for each kind of litigation."""
    head = [Box("类别", cols=2), *(Box(name, kind="head") for name in T4_COLS.values())]
    lines = [head]
    for row, label in T4_ROWS.items():
        values = [Box(truth.printed["T4", row, col], key=("T4", row, col), kind="value") for col in T4_COLS]
        left = (
            [Box(label, cols=2)]
            if row == "review"
            else [Box("行政诉讼", rows=2), Box(label)]
            if row == "litigation.direct"
            else [Box(label)]
        )
        lines.append([*left, *values])
    return lines

"""Figures of the statutory tables and the tables themselves, as grids of merged cells.

Row labels, columns and merges are those of the national forms: layout B (国办公开办函〔2019〕60号, years 2019 and 2020),
layout C (国办公开办函〔2021〕30号, from 2021) and the statistics form of 2014 to 2018 (国办发〔2014〕32号), which was mostly
an attachment. The figures are invented and satisfy the forms' equations (勾稽关系), within a year and from year to year.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
REVIEWS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
EQUATION = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"

DENIED = (
    "1.属于国家秘密",
    "2.其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”",
    "4.保护第三方合法权益",
    "5.属于三类内部事务信息",
    "6.属于四类过程性信息",
    "7.属于行政执法案卷",
    "8.属于行政查询事项",
)
UNABLE = ("1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确")
NOT_PROCESSED = (
    "1.信访举报投诉类申请",
    "2.重复申请",
    "3.要求提供公开出版物",
    "4.无正当理由大量反复申请",
    "5.要求行政机关确认或重新出具已获取信息",
)
OTHER_C = (
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "3.其他",
)
GRANTED = "（一）予以公开"
PARTIAL = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"

Row = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell as HTML writes it: merged cells stand once, at their anchor."""

    text: str
    rowspan: int = 1
    colspan: int = 1


Grid = list[list[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of one report from 2019 on. results: (group, label) -> the six applicant columns, total not included.

    new, carried_in, carried_out: six columns too. reviews: three rows of four, total not included.
    """

    year: int
    disclosure: dict[str, Row]
    new: Row
    carried_in: Row
    results: dict[tuple[str, str], Row]
    carried_out: Row
    reviews: tuple[Row, Row, Row]

    @property
    def layout(self) -> str:
        return "B" if self.year < 2021 else "C"

    @property
    def processed(self) -> Row:
        return tuple(sum(column) for column in zip(*self.results.values(), strict=True))


def result_rows(layout: str) -> list[tuple[str, str]]:
    """The result rows of table 3 in order, as (group, label); a row without a group stands alone."""
    other = [("", "（六）其他处理")] if layout == "B" else [("（六）其他处理", label) for label in OTHER_C]
    return [
        ("", GRANTED),
        ("", PARTIAL),
        *(("（三）不予公开", label) for label in DENIED),
        *(("（四）无法提供", label) for label in UNABLE),
        *(("（五）不予处理", label) for label in NOT_PROCESSED),
        *other,
    ]


def figures(name: str, years: range, *, scale: int) -> dict[int, Figures]:
    """Figures of consecutive years, the same for the same name: what one year carries out the next carries in.

    scale: about how many applications a year brings.
    """
    made: dict[int, Figures] = {}
    carried: Row = (0,) * 6
    in_force = 300 + scale
    items = {
        "行政许可": 200 + scale,
        "其他对外管理服务事项": 250,
        "行政处罚": 4000,
        "行政强制": 170,
        "行政事业性收费": 20,
    }
    for year in years:
        dice = random.Random(f"{name}/{year}")
        new = (
            scale + dice.randrange(scale),
            scale // 8,
            dice.randrange(3),
            dice.randrange(2),
            scale // 20,
            dice.randrange(4),
        )
        keep: Row = (min(new[0], 1 + dice.randrange(4)), dice.randrange(2) if new[1] else 0, 0, 0, 0, 0)
        open_to = [new[i] + carried[i] - keep[i] for i in range(6)]
        rows = result_rows("B" if year < 2021 else "C")
        disclosure: dict[str, Row] = {}
        if year < 2021:
            disclosure["规章"] = (1, 1, 3 + year - 2019)
            disclosure["规范性文件"] = (12, 12 + dice.randrange(30), in_force)
            for item, before in items.items():
                change = dice.randrange(-9, 30)
                disclosure[item] = (before, change, dice.randrange(1000, 90000))
                items[item] = before + change
            disclosure["政府集中采购"] = (900 + dice.randrange(900), 10000 + dice.randrange(90000))
        else:
            issued, repealed = dice.randrange(5, 30), dice.randrange(9)
            in_force += issued - repealed
            disclosure["规章"] = (0, 0, 4)
            disclosure["行政规范性文件"] = (issued, repealed, in_force)
            for item in ("行政许可", "行政处罚", "行政强制"):
                disclosure[item] = (dice.randrange(1000, 90000),)
            disclosure["行政事业性收费"] = (dice.randrange(5000, 90000),)
        made[year] = Figures(
            year=year,
            disclosure=disclosure,
            new=new,
            carried_in=carried,
            results=_spread(open_to, rows, dice),
            carried_out=keep,
            reviews=tuple(tuple(dice.randrange(top) for top in (9, 2, 3, 3)) for _ in range(3)),  # type: ignore[arg-type]
        )
        carried = keep
    return made


def _spread(amounts: list[int], rows: list[tuple[str, str]], dice: random.Random) -> dict[tuple[str, str], Row]:
    """Every applicant column distributed over the result rows; most are granted, few rows stay untouched."""
    weights = [12, 6] + [1] * (len(rows) - 2)
    columns = [[0] * len(rows) for _ in amounts]
    for column, amount in zip(columns, amounts, strict=True):
        for place in dice.choices(range(len(rows)), weights=weights, k=amount):
            column[place] += 1
    return {row: tuple(column[i] for column in columns) for i, row in enumerate(rows)}


def table_2(data: Figures) -> Grid:
    """主动公开政府信息情况: 22 value cells in layout B, 10 in layout C."""
    return _table_2b(data.disclosure) if data.layout == "B" else _table_2c(data.disclosure)


def _table_2b(rows: dict[str, Row]) -> Grid:
    grid: Grid = []

    def block(point: str, columns: list[Cell], *labels: str) -> None:
        grid.append([Cell(f"第二十条第（{point}）项", colspan=4)])
        grid.append([Cell("信息内容"), *columns])
        for label in labels:
            values = rows[label][: len(columns)]
            texts = [_change(v) if c.text == "本年增/减" else str(v) for c, v in zip(columns, values, strict=True)]
            spans = [c.colspan for c in columns]
            grid.append([Cell(label), *(Cell(t, colspan=s) for t, s in zip(texts, spans, strict=True))])

    yearly = [Cell("上一年项目数量"), Cell("本年增/减"), Cell("处理决定数量")]
    block("一", [Cell("本年新\n制作数量"), Cell("本年新\n公开数量"), Cell("对外公开\n总数量")], "规章", "规范性文件")
    block("五", yearly, "行政许可", "其他对外管理服务事项")
    block("六", yearly, "行政处罚", "行政强制")
    block("八", [Cell("上一年项目数量"), Cell("本年增/减", colspan=2)], "行政事业性收费")
    block("九", [Cell("采购项目数量"), Cell("采购总金额", colspan=2)], "政府集中采购")
    amount = rows["政府集中采购"][1]
    grid[-1][2] = Cell(f"{amount}万元", colspan=2)
    return grid


def _change(value: int) -> str:
    return f"增{value}" if value > 0 else f"减{-value}" if value < 0 else "0"


def _table_2c(rows: dict[str, Row]) -> Grid:
    grid: Grid = [
        [Cell("第二十条第（一）项", colspan=4)],
        [Cell(text) for text in ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")],
    ]
    grid += [[Cell(label), *(Cell(str(v)) for v in rows[label])] for label in ("规章", "行政规范性文件")]
    for point, column, labels in (
        ("五", "本年处理决定数量", ("行政许可",)),
        ("六", "本年处理决定数量", ("行政处罚", "行政强制")),
        ("八", "本年收费金额（单位：万元）", ("行政事业性收费",)),
    ):
        grid.append([Cell(f"第二十条第（{point}）项", colspan=4)])
        grid.append([Cell("信息内容"), Cell(column, colspan=3)])
        grid += [[Cell(label), Cell(str(rows[label][0]), colspan=3)] for label in labels]
    return grid


def table_3(data: Figures) -> Grid:
    """收到和处理政府信息公开申请情况: 10 columns, 3 of labels and 7 of values."""
    rows = result_rows(data.layout)
    grid: Grid = [
        [Cell(EQUATION, rowspan=3, colspan=3), Cell("申请人情况", colspan=7)],
        [Cell("自然人", rowspan=2), Cell("法人或其他组织", colspan=5), Cell("总计", rowspan=2)],
        [Cell(text) for text in ("商业\n企业", "科研\n机构", "社会公益组织", "法律服务机构", "其他")],
        [Cell("一、本年新收政府信息公开申请数量", colspan=3), *_values(data.new)],
        [Cell("二、上年结转政府信息公开申请数量", colspan=3), *_values(data.carried_in)],
    ]
    for index, (group, label) in enumerate(rows):
        first = [Cell("三、本年度办理结果", rowspan=len(rows) + 1)] if index == 0 else []
        if not group:
            labels = [Cell(label, colspan=2)]
        elif rows[index - 1][0] != group:
            labels = [Cell(group, rowspan=sum(g == group for g, _ in rows)), Cell(label)]
        else:
            labels = [Cell(label)]
        grid.append([*first, *labels, *_values(data.results[group, label])])
    grid.append([Cell("（七）总计", colspan=2), *_values(data.processed)])
    grid.append([Cell("四、结转下年度继续办理", colspan=3), *_values(data.carried_out)])
    return grid


def _values(row: Row) -> list[Cell]:
    return [Cell(str(value)) for value in (*row, sum(row))]


def table_4(data: Figures) -> Grid:
    """政府信息公开行政复议、行政诉讼情况: 15 value cells."""
    five = [Cell(text, rowspan=2) for text in REVIEWS]
    return [
        [Cell("行政复议", colspan=5), Cell("行政诉讼", colspan=10)],
        [*five, Cell("未经复议直接起诉", colspan=5), Cell("复议后起诉", colspan=5)],
        [Cell(text) for text in REVIEWS * 2],
        [cell for row in data.reviews for cell in _values(row)],
    ]


def statistics_form(name: str, year: int) -> Grid:
    """政府信息公开情况统计表 of 2014 to 2018: 统计指标 | 单位 | 统计数."""
    dice = random.Random(f"{name}/{year}/form")
    on_time, late = 10 + dice.randrange(30), dice.randrange(3)
    answers = [1, 1, 1, 0, 1, 1]
    answers[1] += on_time + late - sum(answers)
    reviews = [dice.randrange(4), dice.randrange(2), 0]
    rows: list[tuple[str, str, int | None]] = [
        ("一、主动公开情况", "——", None),
        ("（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", 9000 + dice.randrange(9000)),
        ("其中：主动公开规范性文件数", "条", 80 + dice.randrange(90)),
        ("制发规范性文件总数", "件", 90 + dice.randrange(90)),
        ("二、回应解读情况", "——", None),
        ("（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）", "次", dice.randrange(90)),
        ("1.参加或举办新闻发布会总次数", "次", dice.randrange(20)),
        ("3.政策解读稿件发布数", "篇", dice.randrange(300)),
        ("三、依申请公开情况", "——", None),
        ("（一）收到申请数", "件", on_time + late),
        ("1.当面申请数", "件", on_time),
        ("2.网络申请数", "件", late),
        ("（二）申请办结数", "件", on_time + late),
        ("1.按时办结数", "件", on_time),
        ("2.延期办结数", "件", late),
        ("（三）申请答复数", "件", sum(answers)),
        ("1.属于已主动公开范围数", "件", answers[0]),
        ("2.同意公开答复数", "件", answers[1]),
        ("3.同意部分公开答复数", "件", answers[2]),
        ("4.不同意公开答复数", "件", answers[3]),
        ("5.不属于本行政机关公开数", "件", answers[4]),
        ("6.申请信息不存在数", "件", answers[5]),
        ("四、行政复议数量", "件", sum(reviews)),
        ("（一）维持具体行政行为数", "件", reviews[0]),
        ("（二）被依法纠错数", "件", reviews[1]),
        ("（三）其他情形数", "件", reviews[2]),
        ("七、依申请公开信息收取的费用", "万元", 0),
        ("八、机构建设和保障经费情况", "——", None),
        ("（一）政府信息公开工作专门机构数", "个", 20 + dice.randrange(60)),
        ("（三）从事政府信息公开工作人员数", "人", 90 + dice.randrange(200)),
        ("九、政府信息公开会议和培训情况", "——", None),
        ("（二）举办各类培训班数", "次", 2 + dice.randrange(9)),
    ]
    head = [Cell("统计指标"), Cell("单位"), Cell("统计数")]
    return [head, *([Cell(a), Cell(b), Cell("" if c is None else str(c))] for a, b, c in rows)]

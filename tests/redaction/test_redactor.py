"""What is masked and, above all, what is not. All names and numbers here are invented."""

from __future__ import annotations

import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gxgk_crawler.redaction.checksums import is_identity_card, is_luhn
from gxgk_crawler.redaction.redactor import Level, Redactor, find
from tests.redaction.more_shapes import SENTENCES, WRITTEN_FIRST, WRITTEN_SECOND
from tests.redaction.shapes import HONEST, SHAPES


def masked(text: str, level: Level = Level.PERSONS) -> str:
    return Redactor(level=level).text(text)


# 〖…〗 marks what must be masked; nothing else may be.
CONTACTS = [
    "联系电话：〖0470-8200000〗；电子邮箱：〖zfxxgk@example.gov.cn〗）。",
    "电话：〖0883—2100000〗，传真〖（010）66010000-801、66010001〗",
    "电 话:〖８２０００００〗",
    "〖０４７０－８２０００００〗",
    "咨询电话：〖8200000转801〗",
    "电话：〖2200001/02〗，邮编：677000",
    "请拨打〖139 0000 0001〗或者〖13900000001〗。",
    "拨打〖13900000001〗号码",
    "微信同号（〖+86 13900000001〗）",
    "〖+86-470-8200000〗",
    "热线〖400-800-0000〗、电话〖4008000000〗",
    "姓名 | 联系电话\n甲 | 〖13900000001〗\n乙 | 〖04708200000〗",
    "联系方式\n〖13900000001〗",
    "手机 | 〖13900000001〗",
    "邮箱〖abc_1@vip.example.com〗，〖abc-1#163.com〗，〖ABC ＠ example．cn〗",
    "身份证号：〖11010519491231002X〗",
    "〖11010519491231002x〗",
    "身份证号码：〖110105491231002〗",
    "网址：http://www.example.gov.cn；〖a@example.cn〗",
    "电话〖0470-8200000〗，2020年共3330146人次",
    "办公室〖0470-8200000〗、〖〗20210315日",
]
PERSONS = [
    "联系人：〖王小明〗，电话",
    "审核: 〖张三〗\u00a0\u00a0责任编辑: 〖李四光〗",
    "责 编：〖欧阳小明〗）",
    "编辑：〖张三〗 〖李四〗",
    "联系人 | 〖王小明〗 | 政务公开科",
    "作者：〖阿依古丽·买买提〗",
    "联系人：〖王〗女士、〖李〗老师",
    "联系人：〖张 三〗",
    "联系人：〖王小明〗电话",
    "申请人：〖王小明〗。",
    "账号：〖6222020000000000000〗",
]
LEFT_ALONE = [
    "平政字〔2024〕12号，呼政公办字〔2020〕11号",
    "蒙ICP备16005794号 蒙公网安备 15070202000001号 政府网站标识码：1507000006",
    "统一社会信用代码：11150700011641234X",
    "统一社会信用代码11010519491231002X",
    "索引号：0470-22000010，002482082/2024-00332",
    "合计 | 13900000001 | 3330146 | 0\n金额（元） | 15000000000 | 1,234,567.89",
    "13900000001",
    "总收入13900000001元，增长3.13900000001",
    "网站访问量达到3330146人次，短信24478次、2331297条",
    "电话咨询3330146人次，热线受理2200000件",
    "2021-01-20 10:30:00，20210120，1956—1976年，2019-2020年度",
    "邮编：677000，12345热线，拨打110",
    "http://www.example.gov.cn/art/2021/1/20/art_1234_13900000001.html",
    "http://a.gov.cn/mail?to=x@b.gov.cn",
    "@平安北京 发布",
    "负责人 | 金额 | 时限\n申请人 | 权利人 | 单位",
    "责任编辑：办公室", "编辑：管理员", "作者：本站", "审核：通过", "签发：高明区政府办", "编辑：安全科", "联系人：见附件",
    "编辑：张三李四王五", "王小明同志任局长", "作者：江苏", "责任编辑:\n王小明",
    "6222020000000000000 | 13900000001",
    "账号：6222020000000000001",
]  # fmt: skip


def _marked(said: str) -> tuple[str, str]:
    """The text without its marks, and as it must be masked."""
    plain = said.replace("〖", "").replace("〗", "")
    expected, inside = [], False
    for character in said:
        if character in "〖〗":
            inside = character == "〖"
        elif not inside or character == "\n":
            expected.append(character)
        else:
            expected.append("＊" if unicodedata.east_asian_width(character) in "WF" else "*")
    return plain, "".join(expected)


@pytest.mark.parametrize("said", CONTACTS)
def test_contacts_are_masked(said: str) -> None:
    plain, expected = _marked(said)
    assert masked(plain, Level.CONTACTS) == expected
    assert masked(plain, Level.PERSONS) == expected
    assert masked(plain, Level.NONE) == plain


@pytest.mark.parametrize("said", PERSONS)
def test_persons_are_masked_when_asked_for(said: str) -> None:
    plain, expected = _marked(said)
    assert masked(plain) == expected
    assert masked(plain, Level.CONTACTS) == plain


@pytest.mark.parametrize("said", LEFT_ALONE)
def test_what_tells_of_no_person_stays(said: str) -> None:
    assert masked(said) == said


def test_what_is_masked_is_counted_by_kind() -> None:
    redactor = Redactor(level=Level.PERSONS)
    redactor.text("联系人：王小明，电话：0470-8200000，13900000001、13900000002，a@example.cn")
    redactor.text("身份证11010519491231002X，400-800-0000")
    assert redactor.masked == {
        "name": 1,
        "landline": 1,
        "mobile": 2,
        "email": 1,
        "identity_card": 1,
        "hotline": 1,
    }


def test_a_value_is_read_behind_its_label() -> None:
    fields = {"编辑": "王小明", "发布机构": "王府井街道", "电话": "8200000"}
    assert Redactor(level=Level.PERSONS).fields(fields) == {
        "编辑": "＊＊＊",
        "发布机构": "王府井街道",
        "电话": "*******",
    }


def test_cells_of_a_grid_are_read_as_a_table() -> None:
    def cell(row: int, col: int, text: str) -> dict[str, Any]:
        return {"row": row, "col": col, "rowspan": 1, "colspan": 1, "text": text}

    cells = [
        cell(0, 0, "部门"), cell(0, 1, "联系\n电话"), cell(0, 2, "件数"),
        cell(2, 1, "13900000001"), cell(2, 2, "13900000001"), cell(1, 0, "甲\n乙 a@example.cn"),
    ]  # fmt: skip
    (grid,) = Redactor(level=Level.CONTACTS).grids([{"cells": cells}])
    assert [one["text"] for one in grid["cells"]] == [
        "部门", "联系\n电话", "件数", "*" * 11, "13900000001", "甲\n乙 " + "*" * 12,
    ]  # fmt: skip
    assert [{**one, "text": ""} for one in grid["cells"]] == [{**one, "text": ""} for one in cells]


# --- texts of a version ---------------------------------------------------------------------------------------------------


def _edit(text: str, start: int, end: int, suggestion: str | None = None) -> dict[str, Any]:
    return {"kind": "spam", "start": start, "end": end, "text": text[start:end], "rule": "r", "suggestion": suggestion}


def test_a_number_broken_by_advertising_is_masked_in_both_texts() -> None:
    extracted = "电话：0470-82彩票网00000，请洽。"
    redactor = Redactor(level=Level.CONTACTS)
    masked_extracted, text, edits = redactor.version(
        extracted, "电话：0470-8200000，请洽。", [_edit(extracted, 10, 13, "13900000001号码")]
    )
    assert text == "电话：************，请洽。"
    assert masked_extracted == "电话：*******彩票网*****，请洽。"
    assert edits[0]["text"] == "彩票网"
    assert edits[0]["suggestion"] == "***********号码"
    assert redactor.masked == {"landline": 1, "mobile": 1}


PIECES = st.sampled_from(
    ["0470-8200000", "13900000001", "a@example.cn", "责任编辑：王小明", "电话：", "11010519491231002X", "2020年", " | ", "\n", "彩票",
     "3330146", "，", "〔2024〕12号", "（", "-", "、", "转", "１２３"]
)  # fmt: skip
ANY = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("0123456789-@ .\n|：")), max_size=40)


@given(st.lists(st.one_of(PIECES, ANY), max_size=12), st.data(), st.sampled_from(Level))
def test_offsets_stay_true(pieces: list[str], data: st.DataObject, level: Level) -> None:
    extracted = "".join(pieces)
    borders = sorted(data.draw(st.sets(st.integers(0, len(extracted)), max_size=8)))
    edits = [_edit(extracted, start, end) for start, end in zip(borders[::2], borders[1::2], strict=False)]
    kept = [0, *(border for edit in edits for border in (edit["start"], edit["end"])), len(extracted)]
    text = "".join(extracted[start:end] for start, end in zip(kept[::2], kept[1::2], strict=True))
    new_extracted, new_text, new_edits = Redactor(level=level).version(extracted, text, edits)
    assert len(new_extracted) == len(extracted)
    assert new_text == "".join(new_extracted[start:end] for start, end in zip(kept[::2], kept[1::2], strict=True))
    for edit, new in zip(edits, new_edits, strict=True):
        assert new == {**edit, "text": new_extracted[edit["start"] : edit["end"]]}
    for before, after in zip(extracted, new_extracted, strict=True):
        assert after == before or (after in "*＊" and before != "\n" and level is not Level.NONE)
    covered = [(span.start, span.end) for span in find(text, level)]
    assert all(set(new_text[start:end]) <= {"*", "＊", "\n"} for start, end in covered), (
        "nothing of the text is forgotten"
    )


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(Level))
def test_texts_that_do_not_fit_their_edits_lose_no_length(extracted: str, text: str, level: Level) -> None:
    new_extracted, new_text, edits = Redactor(level=level).version(
        extracted, text, [{**_edit(extracted, 3, 5), "text": "电话：8200000"}]
    )
    assert (len(new_extracted), len(new_text), len(edits[0]["text"])) == (len(extracted), len(text), 10)


# --- figures --------------------------------------------------------------------------------------------------------------

FIGURE = st.one_of(
    st.integers(0, 10**15).map(str),
    st.integers(0, 10**12).map(lambda number: f"{number:,}"),
    st.decimals(0, 10**11, places=2).map(str),
    st.integers(0, 100).map(lambda number: f"{number}%"),
    st.integers(13_000_000_000, 19_999_999_999).map(str),
    st.sampled_from(["/", "—", "0", ""]),
)
LABEL = st.sampled_from(
    [
        "制发数量",
        "本年新收政府信息公开申请数量",
        "行政许可",
        "合计",
        "传真申请数",
        "网络申请数",
        "电话申请数（件）",
        "收费金额（元）",
    ]
)


@given(st.lists(st.tuples(LABEL, st.lists(FIGURE, min_size=1, max_size=7)), min_size=1, max_size=8))
def test_no_figure_of_a_table_is_ever_touched(rows: list[tuple[str, list[str]]]) -> None:
    table = "\n".join(" | ".join([label, *figures]) for label, figures in rows)
    assert masked(table) == table


@given(
    st.integers(0, 10**15),
    st.sampled_from("件条人次个元万亿"),
    st.sampled_from(["共受理", "主动公开", "点击量", "其中电话咨询", "涉及金额"]),
)
def test_no_figure_with_a_unit_is_ever_touched(number: int, unit: str, verb: str) -> None:
    said = f"全年{verb}{number}{unit}，同比增长{number % 100}.{number % 7}％。"
    assert masked(said) == said


@given(st.integers(2000, 2030), st.integers(1, 999), st.sampled_from(["国办函", "呼政公办字", "川府发"]))
def test_document_numbers_stay(year: int, number: int, organ: str) -> None:
    said = f"{organ}〔{year}〕{number}号，{organ}[{year}]{number}号"
    assert masked(said) == said


@given(st.text(alphabet=st.sampled_from("0123456789-() 转@.|\n电话：、/王小明编辑＊*"), max_size=300))
def test_nothing_breaks_it(text: str) -> None:
    assert len(masked(text)) == len(text)


# --- checksums ------------------------------------------------------------------------------------------------------------


def test_identity_cards() -> None:
    assert is_identity_card("11010519491231002X")  # the example of GB 11643-1999
    assert is_identity_card("440524188001010014")  # likewise
    for wrong in (
        "110105194912310021",
        "11010519491331002X",
        "00010519491231002X",
        "1101051949123100",
        "11010519491231002Ⅹ",
    ):
        assert not is_identity_card(wrong)


@given(st.integers(10**14, 10**18))
def test_luhn_finds_every_single_wrong_digit(number: int) -> None:
    digits = str(number)
    check = next(str(last) for last in range(10) if is_luhn(digits + str(last)))
    for place in range(len(digits)):
        changed = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
        assert not is_luhn(changed + check)


# --- how much is found, and how little else -----------------------------------------------------------------------------------


def _is_covered(said: str) -> bool:
    """Whether no letter, digit or Chinese sign between the marks is left."""
    plain, expected = _marked(said)
    found = masked(plain)
    return all(
        after != before or not before.isalnum()
        for before, after, wanted in zip(plain, found, expected, strict=True)
        if wanted != before
    )


@pytest.mark.parametrize("shapes", [SHAPES, WRITTEN_FIRST, WRITTEN_SECOND], ids=["first", "second", "third"])
def test_numbers_and_names_are_masked_in_every_shape(shapes: list[str]) -> None:
    missed = [said for said in shapes if not _is_covered(said)]
    assert len(missed) <= 0.03 * len(shapes), missed


@pytest.mark.parametrize("said", SENTENCES)
def test_words_that_begin_like_a_name_stay(said: str) -> None:
    assert masked(said) == said


LABELS = [
    "电话",
    "QQ",
    "微信",
    "邮箱",
    "请联系",
    "申请人",
    "身份证",
    "护照",
    "短号:1",
    "由同志",
    "abc@",
    "蒙E1234",
    "1 3 8 ",
    "八",
    "㈠①",
]


@pytest.mark.parametrize("label", LABELS)
def test_a_text_of_nothing_but_labels_takes_time_that_grows_with_it(label: str) -> None:
    def effort(times: int) -> float:
        start = time.process_time()
        masked(label * times)
        return time.process_time() - start

    effort(500)
    assert any(effort(8000) <= 10 * max(effort(2000), 0.005) for _ in range(5)), "quadratic would be 16 times"


def test_figures_and_numbers_of_other_things_stay() -> None:
    touched = [said for said in HONEST if masked(said) != said]
    assert len(HONEST) >= 500
    assert len(touched) <= len(HONEST) / 500, touched

"""The title of an article: what the page declares, its record, its headings, and the first lines of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.facts.record import read_fields
from gxgk_crawler.extract.page.dates import find_dates
from gxgk_crawler.extract.page.lines import BlockLine
from gxgk_crawler.extract.page.text import collapse, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gxgk_crawler.extract.facts.metadata import Metadata

_SITE_SEPARATORS = ("_", "|", "｜", "—", "–", "-", "－", ">", "»", "《", "::")
_SITE_ENDS = (
    "政府", "网站", "政务网", "信息网", "公众信息网", "官网", "管委会", "委员会", "局", "厅", "欢迎您", "门户网", "政府网", "门户",
    "平台", "首页",
    "在线", "网",
)  # fmt: skip
_LONGEST = 160
_LONGEST_LINE = 90
_SHORTEST = 6
_NEAR = 14  # lines above the article: what stands higher is the head of the page
_MARKS = ">＞»｜|"  # of breadcrumbs and menus
_TAG = re2.compile(r"<[^<>]{0,200}>")
_KEYWORDS = re2.compile(r"[,，、;；|｜]")
_REPORT = re2.compile("(?:年度?|情况).{0,12}(?:报告|年报)|年报|信息公开.{0,16}报告")
_CHANNELS = frozenset(
    {"年报", "政府信息公开年报", "信息公开年报", "政府信息公开年度报告", "信息公开年度报告", "年度报告"}
)
_ENDS = ("报告", "年报", "通知", "意见", "办法", "公告", "通报", "报告书")
# What may stand behind a title on its line: the day, the source, buttons.
_BEHIND = re2.compile(
    r"[\s　(（\[【|]*(?:(?:19|20)\d{2}[-/.年]\s*\d{1,2}[-/.月]\s*\d{1,2}.*"
    r"|(?:发布|更新|成文|生成|信息|文章|稿件)?(?:时间|日期|来源)[:：].*|(?:浏览|阅读|点击|访问)(?:次数|量)?[:：].*|【?字[号体][:：].*|作者[:：].*)$"
)
_NO_TITLE = re2.compile(
    r"[〔\[【(（]\s*(?:19|20)\d{2}\s*[〕\]】)）]\s*第?\s*\d+\s*号$|^[-_=*—·.\s]+$|打印|关闭窗口|分享到|扫一扫|字[号体]|浏览次数|^(?:附件|首页|正文)$"
    r"|位置[:：]|^今天是|请输入|星期"
)
# Behind the name of a report: （全文）, (2023年版).
_NOTE_BEHIND = re2.compile(r"[（(【\[][^（）()【】\[\]]{1,12}[）)】\]]$")
_NUMBER = re2.compile(r"[^\s，。]{0,16}[〔\[【(（]\s*(?:19|20)\d{2}\s*[〕\]】)）]\s*第?\s*\d+\s*号")
_FACTS = re2.compile(r"(?:来\s*源|发布时间|发布日期|时间|日期)\s*[:：]")
_LABEL = re2.compile(r"^[^:：]{2,8}[:：]")
# Ends of the upper lines of a title that is broken over several.
_PARTS = (
    "年", "年度", "公开", "工作", "政府", "局", "委", "办公室", "办公厅", "委员会", "厅", "部", "省", "市", "县", "区", "旗", "镇",
    "乡", "街道", "院",
    "中心", "队", "办事处",
)  # fmt: skip


def choose_title(page: Metadata, record: str | None, text: str) -> str | None:
    """The article's title, by the first of these that the page has.

    Meta ArticleTitle, unless it is the name of the site or the column or a list of keywords; the 标题 of the record; a heading or
    line above the article that `<title>` contains; `<title>` without the names of site and column; a heading near the article, or
    the line above the line with date and source; the first lines of the article. The name of a report beats what is none.
    record: 标题 in the metadata block. text: of the body.
    """
    names = _names_of(page)
    declared = _declared(page)
    if (
        declared
        and len(declared) <= _LONGEST
        and squeeze(declared) not in names
        and not _is_keywords(declared, names, page)
    ):
        return declared
    if record and len(record) <= _LONGEST and squeeze(record) not in names:
        return record
    cut = _cut_site_name(page.page_title or "", names)
    inside = _title_inside(page, cut, names)
    if inside:
        return inside
    visible = _visible_title(page, names) or _title_of_body(text)
    if cut and squeeze(cut) not in names and not _is_site(cut) and (_names_report(cut) or not _names_report(visible)):
        return cut
    return visible or cut or None


def _names_of(page: Metadata) -> frozenset[str]:
    """What the page calls its site and its column, without white space; some templates call the article their column."""
    names = {squeeze(page.metas.get(key, "")) for key in ("sitename", "columnname", "columntype")}
    shown = {squeeze(line.text) for line in page.before[-_NEAR:] if line.heading}
    return frozenset(names - shown - {""})


def _declared(page: Metadata) -> str:
    """Meta ArticleTitle, unless it is a document number; else what the page gives other sites as its title, if that is a report's."""
    declared = _without_markup(page.metas.get("articletitle", ""))
    shared = page.metas.get("og:title", "")
    if declared and _NUMBER.fullmatch(declared) is None:
        return declared
    return shared if _names_report(shared) else ""


def _without_markup(title: str) -> str:
    """The declared title without tags: editors copy them into the meta tag, as they are or escaped."""
    return collapse(_TAG.sub("", title)) if "<" in title else title


def _is_keywords(title: str, names: frozenset[str], page: Metadata) -> bool:
    """True for a list of search words, most of them names of the site or its menus, or such as stands nowhere on the page."""
    words = [word.strip() for word in _KEYWORDS.split(title) if word.strip()]
    if len(words) >= 6:
        return True
    spaced = title.split()
    if len(spaced) >= 4 and max(map(len, spaced)) <= 10:
        words = spaced
        if squeeze(title) not in squeeze(
            "".join([page.page_title or "", *page.headings, *(line.text for line in page.before)])
        ):
            return True
    if len(words) < 3 or _REPORT.search(title):
        return False
    site = max(names, key=len, default="")
    alike = sum(1 for word in words if word.startswith(words[0][:2]) or _looks_like_site(word) or word in site)
    return alike * 2 >= len(words)


def _title_inside(page: Metadata, cut: str, names: frozenset[str]) -> str | None:
    """The longest heading or line above the article that `<title>` contains, if it makes up most of it."""
    whole = squeeze(page.page_title or "")
    near = [_bare(line.text) for line in page.before if not line.is_link]
    inside = [one for one in [*page.headings, *near] if 4 <= len(one) <= _LONGEST and squeeze(one) in whole]
    inside = [one for one in inside if squeeze(one) not in names and not _NO_TITLE.search(one) and not _is_site(one)]
    best = max(inside, key=len, default="")
    return best if best and (len(best) * 2 >= len(cut) or whole.startswith(squeeze(best))) else None


def _visible_title(page: Metadata, names: frozenset[str]) -> str | None:
    """The name of a report, a heading near the article, or the line above date and source; else the nearest line that can be a title."""
    lines = [line for line in page.before[-_NEAR:] if _can_be_title(line, names)]
    headings = [line for line in lines if line.heading]
    broken = _broken_title(lines)
    if broken:
        return broken
    reports = [line for line in lines if _names_report(line.text)]
    reports = [line for line in reports if line.heading] or reports
    found = reports[-1:] or _last_run(headings, page.before) or _above_facts(page.before, lines) or lines[-1:]
    if found:
        return _bare(found[0].text)
    return next(
        (one for one in page.headings if len(one) >= 8 and squeeze(one) not in names and not _is_site(one)), None
    )


def _broken_title(lines: Sequence[BlockLine]) -> str | None:
    """The name of a report over several lines above the article."""
    for number in range(len(lines) - 1, 0, -1):
        title = _joined_title([line.text for line in lines[:number]], lines[number].text)
        if title != lines[number].text and _names_report(title):
            return title
    return None


def _last_run(headings: Sequence[BlockLine], before: Sequence[BlockLine]) -> list[BlockLine]:
    """The last headings that follow one another: a title and its subtitle."""
    run: list[BlockLine] = []
    for line in reversed(before):
        if line in headings:
            run.insert(0, line)
        elif run:
            break
    return run


def _above_facts(before: Sequence[BlockLine], lines: Sequence[BlockLine]) -> list[BlockLine]:
    """The longest of the lines just above the last one that carries the date or the source."""
    at = next((n for n in range(len(before) - 1, -1, -1) if _states_facts(before[n].text)), 0)
    above = [line for line in before[max(0, at - 4) : at] if line in lines]
    return sorted(above, key=lambda line: len(line.text))[-1:]


def _states_facts(text: str) -> bool:
    return "来源" in text or next(find_dates(text), None) is not None


def _can_be_title(line: BlockLine, names: frozenset[str]) -> bool:
    text = _bare(line.text)
    if line.is_link or not _SHORTEST <= len(text) <= _LONGEST_LINE or text.isascii() or squeeze(text) in names:
        return False
    return not (
        _NO_TITLE.search(text) or _LABEL.search(text) or _is_site(text) or any(mark in text for mark in f"{_MARKS}。")
    )


def _bare(text: str) -> str:
    """The line without the day, the source and the buttons that stand behind a title."""
    return str(_BEHIND.sub("", text)).strip()


def _is_site(text: str) -> bool:
    return _looks_like_site(text) and not _names_report(text)


def _looks_like_site(title: str) -> bool:
    """True for a name such as `<title>` has it on pages that print only the portal's name there."""
    bare = title.rstrip("）)！!").strip()
    return bare.endswith(_SITE_ENDS) or (bare.isascii() and "." in bare)


def _names_report(title: str | None) -> bool:
    """True for the name of one report, with its year."""
    return title is not None and _REPORT.search(title) is not None and any(char.isdigit() for char in title)


def _cut_site_name(title: str, names: frozenset[str]) -> str:
    """`<title>` without the names of site and column that follow (or precede) the article's title."""
    for separator in _SITE_SEPARATORS:
        pieces = [piece.strip() for piece in title.split(separator) if piece.strip()]
        if len(pieces) > 1:
            return _best_piece(pieces, names)
    pieces = title.split()
    if len(pieces) > 1 and any(_is_site(piece) or squeeze(piece) in names for piece in (pieces[0], pieces[-1])):
        return _best_piece(pieces, names)
    return title.strip()


def _best_piece(pieces: Sequence[str], names: frozenset[str]) -> str:
    """Of the parts of `<title>` the first that names no site or column; a report before anything else."""
    good = [piece for piece in pieces if not _is_site(piece) and squeeze(piece) not in names]
    return next((piece for piece in good if _names_report(piece)), (good or list(pieces))[0])


def _title_of_body(text: str) -> str | None:
    """The title in the first lines of the body: a report's, or the line above the one with date and source."""
    title = title_of_text(text)
    if title and _REPORT.search(title):
        return title
    lines = _first_lines(text)
    facts = next((number for number, line in enumerate(lines) if _FACTS.search(line)), 0)
    above = [line for line in lines[:facts] if _can_be_title(BlockLine(text=line), frozenset())]
    return above[-1] if above else None


def title_line(text: str) -> str | None:
    """The line near the top of a text without markup that names a document: `X市2018年…年度报告`."""
    lines = _first_lines(text)
    at = _title_at(lines)
    return None if at is None else lines[at]


def title_of_text(text: str) -> str | None:
    """The title of a text without markup. One that is broken over up to three lines, as in PDF and Word files, is joined."""
    lines = _first_lines(text)
    at = _title_at(lines)
    return None if at is None else _joined_title(lines[:at], lines[at])


def title_in_record(text: str) -> str | None:
    """The name of a report behind a label such as 标题 or 名称 in the first lines of a text."""
    named = read_fields(_first_lines(text)).get("标题")
    return named if named and _REPORT.search(named) else None


def _first_lines(text: str) -> list[str]:
    return [line.strip() for line in text[:4000].split("\n") if line.strip()][:10]


def _title_at(lines: Sequence[str]) -> int | None:
    """Which line ends the title. Breadcrumbs, columns and buttons above it are none; a long line is prose, below it stands no title."""
    for number, line in enumerate(lines):
        if len(line) > _LONGEST_LINE:
            return None
        if _ends_title(line, lines[number - 1] if number else ""):
            return number
    return None


def _ends_title(line: str, above: str) -> bool:
    bare = _NOTE_BEHIND.sub("", squeeze(line).strip("《》"))
    if (
        not bare.endswith(_ENDS)
        or "、" in bare[:3]
        or any(mark in bare for mark in f"{_MARKS}。；")
        or _LABEL.search(line)
    ):
        return False
    return bare not in _CHANNELS or _begins_title(above, line)


def _joined_title(above: Sequence[str], line: str) -> str:
    """The last line of a title with the lines above that begin it: an agency, a year, the first half of a sentence."""
    title = line
    if line.startswith("《") and line.endswith("》"):
        return line[1:-1]
    if squeeze(line).endswith(("报告", "年报")):
        for part in list(above)[:-3:-1]:
            if not _begins_title(part, title):
                break
            title = f"{part}{title}"
    return title


def _begins_title(part: str, rest: str) -> bool:
    bare = squeeze(part)
    if not 3 <= len(bare) <= 40 or any(mark in bare for mark in f"{_MARKS}:：。；，,") or _NO_TITLE.search(part):
        return False
    if any(char.isdigit() for char in bare) and any(char.isdigit() for char in rest):
        return False
    return bare.endswith(_PARTS) and bare not in _CHANNELS

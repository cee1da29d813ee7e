"""The body that reports: what title, signature, record, source and portal print, resolved to its full name.

An issuer is printed as readers on the spot know it: 市教育局, 政府办公室, 高明区. The portal's division and the table of all divisions
turn that into the name by which a report is found anywhere. An office signs for its government; only when the title names the
office does it report for itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import re2

from gxgk_crawler.extract.facts.issuer import sponsor_of
from gxgk_crawler.extract.facts.place import division_code
from gxgk_crawler.extract.page.signature import AGENCY_ENDS, is_agency, signature
from gxgk_crawler.extract.page.text import squeeze
from gxgk_crawler.items import ReportingOrgan
from gxgk_crawler.rules.divisions import Division, above, division_at, divisions_named, full_name
from gxgk_crawler.rules.load import read_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gxgk_crawler.items import Document
    from gxgk_crawler.portal import Portal

_LATEST = 2100
_LONGEST_NAME = 16  # the longest name of a division has 15 characters
_LONGEST_ORGAN = 60
_YEAR = "(?:(?:19|20)[0-9]{2}|[〇○零一二三四五六七八九]{4})年?(?:度)?"
_DISCLOSURE = "(?:政府信息|政务|信息)公开"
_TITLE = (
    re2.compile(f"^(?:关于)?(.{{2,40}}?)(?:关于)?{_YEAR}.{{0,12}}?{_DISCLOSURE}"),
    re2.compile(f"^(?:关于)?{_YEAR}的?(.{{2,40}}?)(?:关于)?(?:工作)?{_DISCLOSURE}"),
    re2.compile(f"^(?:关于)?(.{{2,40}}?)(?:关于)?{_DISCLOSURE}"),
)
_COMPILED_BY = re2.compile("(?:本(?:年度)?报告由|^由)(.{4,30}?)(?:编制|编写|发布)")
_BRACKETS = re2.compile("[（(【\\[][^（）()【】\\[\\]]*[）)】\\]]")
_BEHIND_DASH = re2.compile("[-—－_]+([^-—－_]{4,30})$")
_ONLY_YEAR = re2.compile(f"(?:关于)?{_YEAR}")
_NO_ORGAN = re2.compile(
    '条例|报告|报社$|日报|晚报|网$|网站|新闻社|新华社|电视台|广播|客户端|公众号|门户|本站|本网|年报|目录|指南|[，。；：:,;、!?！？《》"“”]'
)
_OWN_PLACE = re2.compile("^(?:我|全|本)(省|市|县|区|旗|州|盟|自治区|自治县|自治州|自治旗)$")
_SHORT_PLACE = re2.compile("^(自治区|自治县|自治州|自治旗|省|市|县|区|旗|州|盟)(.{2,})$")
_OFFICE = re2.compile(
    "^(?:人民)?政府(?:办公室|办公厅|办|政务公开办公室)$|^政务公开(?:办|办公室|工作办公室|领导小组办公室)$|^府办$"
)
_GOVERNMENT = re2.compile("^(?:人民)?政府$")
_ZONE = re2.compile(
    "(?:开发区|实验区|示范区|园区|新区|保税区|高新区|经开区|合作区|管理区|度假区|风景区|景区|新城|产业园)$"
)
_TOWN = re2.compile("(?:镇|乡|苏木)$")
_NATIONAL = re2.compile("^(?:国家|国务院|中国|中华人民共和国|最高人民)|^[^省市县区]{2,8}部$")
_PLACED = re2.compile("^.{1,20}?(?:省|市|县|区|旗|州|盟|镇|乡|街道)")
# What the name of an organ ends with when it may be a short form of a longer one.
_SHORTENED = ("管理委员会", "管委会", "委", "局", "厅")
_LEVELS = {
    "省": 1,
    "自治区": 1,
    "市": 2,
    "州": 2,
    "盟": 2,
    "自治州": 2,
    "县": 3,
    "区": 3,
    "旗": 3,
    "自治县": 3,
    "自治旗": 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Home:
    """Where the portal stands: its division and those above it, nearest first."""

    chain: tuple[Division, ...]
    year: int

    def of_kind(self, word: str) -> Division | None:
        """The division that 市, 县 or 省 means on this portal: the nearest that is called so, else the one of that level."""
        named = [division for division in self.chain if division.name.endswith(word)]
        if word == "市":
            named = [division for division in named if division.level < 3] or named
            own = self.chain[0] if self.chain else None
            if own is not None and own.level == 3 and own.name.endswith("市"):
                named = [own]
        return next(iter(named), None) or next((one for one in self.chain if one.level == _LEVELS[word] == 1), None)

    def covers(self, division: Division) -> bool:
        """True for a division that is the portal's own, lies above it or below it."""
        codes = {one.code for one in self.chain[:1]}
        own = {one.code for one in self.chain}
        return division.code in own or any(one.code in codes for one in above(division, self.year))


def organ_in(document: Document, portal: Portal | None) -> ReportingOrgan | None:
    """The organ that a document names, by what the database keeps of it: title, text, source, year, fields and edits.

    portal: where the document was found; its division, else that of the registered portal whose host served the document, tells
    which 市 or 县 is meant.
    """
    return reporting_organ(
        title=document.title,
        text=document.text,
        signed_by=signature(document.text)[0],
        source=document.source,
        fields=document.fields,
        year=document.year,
        portal=portal.title if portal is not None else None,
        division=division_code(portal, document.url),
        sponsor=sponsor_of("\n".join(edit.text for edit in document.edits if edit.kind == "chrome")),
    )


def reporting_organ(
    *,
    title: str | None,
    text: str,
    signed_by: str | None,
    source: str | None,
    fields: Mapping[str, str],
    year: int | None,
    portal: str | None,
    division: str | None,
    sponsor: str | None,
) -> ReportingOrgan | None:
    """The organ, by the first of title, signature, record, source, text, portal and sponsor that names one; None when none does.

    signed_by: the agency of the signature. fields: the metadata block. year: of the report; divisions change their names.
    portal, division: title and division code of the portal. sponsor: 主办 in the footer.
    """
    home = _home_of(division, year or _LATEST)
    said = (
        ("title", _subject(title or "")),
        ("signature", signed_by),
        ("record", fields.get("发布机构")),
        ("source", source),
        ("text", _compiler(text)),
        ("portal", portal),
        ("sponsor", sponsor),
    )
    named = [organ for where, printed in said if printed and (organ := _resolve(where, printed, home)) is not None]
    if not named:
        return None
    return _fullest(named[0], named[1:])


def _fullest(first: ReportingOrgan, others: Sequence[ReportingOrgan]) -> ReportingOrgan:
    """The organ by the longest form of its name that the page prints, short forms of departments written out.

    A town's title names the town alone, and the signature says of which county it is; 甘谷县税务局 signs as
    国家税务总局甘谷县税务局, 市卫健委 as X市卫生健康委员会.
    """
    for other in others:
        if len(other.name) <= len(first.name):
            continue
        if other.name.endswith(first.name) and (first.division is None or _NATIONAL.search(other.name)):
            return other
        if (
            first.name.endswith(_SHORTENED)
            and other.division == first.division
            and _is_short_for(first.name, other.name)
        ):
            return other
    short = next((one for one in _short_names() if first.name.endswith(one)), None)
    return first if short is None else replace(first, name=f"{first.name.removesuffix(short)}{_short_names()[short]}")


def _is_short_for(short: str, full: str) -> bool:
    """True when the full form holds the characters of the short one in their order, but not its last word: 卫健, 高新区."""
    end = next(end for end in _SHORTENED if short.endswith(end))
    rest = iter(full)
    return short[:2] == full[:2] and short.removesuffix(end)[-2:] not in full and all(char in rest for char in short)


@cache
def _short_names() -> dict[str, str]:
    """Short forms of departments with their full names, the longest first."""
    names: dict[str, str] = read_rules("organs")["short"]
    return dict(sorted(names.items(), key=lambda pair: -len(pair[0])))


def _home_of(division: str | None, year: int) -> _Home:
    own = division_at(division, year) if division else None
    return _Home(chain=() if own is None else (own, *above(own, year)), year=year)


def _subject(title: str) -> str | None:
    """Whose report a title names: before the year, between the year and 信息公开, in brackets, or behind a dash."""
    squeezed = squeeze(title)
    bare = str(_BRACKETS.sub("", squeezed))
    named = next((str(found.group(1)) for pattern in _TITLE if (found := pattern.search(bare)) is not None), None)
    if named is not None and len(named) > 2 and _ONLY_YEAR.fullmatch(named) is None:  # 政府 of 2020年政府信息公开
        return named
    beside = [part.strip("（(【[）)】]") for part in (*_BRACKETS.findall(squeezed), *_BEHIND_DASH.findall(bare))]
    return next((part for part in beside if is_agency(part)), named)


def _compiler(text: str) -> str | None:
    found = _COMPILED_BY.search(squeeze(text[:1000]))
    return str(found.group(1)) if found is not None and is_agency(found.group(1)) else None


def _resolve(where: str, printed: str, home: _Home) -> ReportingOrgan | None:
    words = str(_BRACKETS.sub("", squeeze(printed)))
    if not 2 <= len(words) <= _LONGEST_ORGAN or _NO_ORGAN.search(words):
        return None
    place, rest = _split_place(words, home)
    name = _named(where, words, rest, "" if place is None else full_name(place, home.year), home)
    if name is None:
        return None
    division = place.code if place is not None else _division_within(name, home)
    return ReportingOrgan(name=name, division=division, evidence=f"{where}: {printed.strip()}")


def _division_within(name: str, home: _Home) -> str | None:
    """The division of an organ whose name does not begin with one: of a zone or a national bureau on its portal."""
    if _NATIONAL.search(name) and not any(division.name in name for division in home.chain[:1]):
        return None
    return home.chain[0].code if home.chain else None


def _split_place(words: str, home: _Home) -> tuple[Division | None, str]:
    """(the division that the words begin with, what follows it); (None, all the words) when they begin with none that is certain."""
    own = _OWN_PLACE.search(words)
    if own is not None:
        return home.of_kind(own.group(1)), ""
    place, rest = _longest_chain(words, home)
    if place is not None:
        return place, rest
    short = _SHORT_PLACE.search(words)
    if short is not None and (division := home.of_kind(short.group(1))) is not None:
        return division, short.group(2)
    return None, words


def _longest_chain(words: str, home: _Home) -> tuple[Division | None, str]:
    """The names of divisions at the beginning, one below the other: 甘肃省天水市甘谷县."""
    found: list[Division] = []
    rest = words
    while True:
        step = _next_place(rest, found, home)
        if step is None:
            break
        found, length = step
        rest = rest[length:]
    certain = _certain(found, home)
    return (certain, rest) if certain is not None else (None, words)


def _next_place(rest: str, within: list[Division], home: _Home) -> tuple[list[Division], int] | None:
    codes = {division.code for division in within}
    for length in range(min(_LONGEST_NAME, len(rest)), 1, -1):
        named = divisions_named(rest[:length])
        if within:
            named = tuple(one for one in named if any(up.code in codes for up in above(one, home.year)))
        if named:
            return list(named), length
    return None


def _certain(found: list[Division], home: _Home) -> Division | None:
    """The one division that a name means here; None when several have it and the portal does not tell which."""
    codes = {division.code for division in found}
    if len(codes) > 1:
        near = [division for division in found if home.covers(division)]
        codes = {division.code for division in near}
        found = near
    return max(found, key=lambda division: division.valid_to) if len(codes) == 1 else None


def _named(where: str, words: str, rest: str, place: str, home: _Home) -> str | None:
    """The full name of what the words name; place: full name of the division that they begin with, empty for none.

    None for words that name no public body, or only a part of one.
    """
    if rest == "" and place:
        return f"{place}人民政府"
    if _OFFICE.search(rest):
        if not place:
            place = full_name(home.chain[0], home.year) if home.chain else ""
        if not place:
            return None
        own = where == "title"
        return f"{place}人民政府{'办公厅' if rest.endswith('厅') else '办公室'}" if own else f"{place}人民政府"
    if _GOVERNMENT.search(rest):
        return f"{place}人民政府" if place else None
    return _of_other(where, words, rest, place, home)


def _of_other(where: str, words: str, rest: str, place: str, home: _Home) -> str | None:
    """The full name of a zone, a town, a bureau or a school, or of a place that the table does not have."""
    if rest.endswith("街道办事处"):  # 海淀区人民政府学院路街道办事处
        rest = rest.removeprefix("人民政府")
    own = full_name(home.chain[0], home.year) if home.chain else ""
    if not place and not _is_placed(words):
        if not own or not _is_bureau(words) or words.startswith(("本", "我", "该", "各")) or _is_office_of_none(words):
            return None
        return _ended(where, f"{own}{rest}", rest, placed=True)
    is_below = _TOWN.search(rest) or "街道" in rest or _is_town_government(rest)
    if not place and own and home.chain[0].level == 3 and is_below:
        return _ended(where, f"{own}{rest}", rest, placed=False)
    return _ended(where, f"{place}{rest}", rest, placed=bool(place))


def _ended(where: str, whole: str, rest: str, *, placed: bool) -> str | None:
    """The name with what its kind is called: 管理委员会, 人民政府, 办事处; None for what is no public body.

    rest: the name without its place. placed: the words begin with a division that the table has.
    """
    if _ZONE.search(rest):
        return f"{whole}管理委员会"
    if _TOWN.search(rest):
        return f"{whole}人民政府"
    if rest.endswith("街道"):
        return f"{whole}办事处"
    for office in ("办公室", "办公厅"):
        if where != "title" and rest.endswith(f"人民政府{office}"):
            return whole.removesuffix(office)
    if not placed and rest.endswith(("省", "市", "县", "区", "旗", "州", "盟")):
        return f"{whole}人民政府"
    return whole if _is_bureau(rest) else None


def _is_bureau(words: str) -> bool:
    return (len(words) > 2 or words in _short_names()) and words.endswith(
        (*AGENCY_ENDS, "中学", "小学", "学校", "集团", "幼儿园")
    )


def _is_placed(words: str) -> bool:
    return _PLACED.search(words) is not None or _NATIONAL.search(words) is not None or _ZONE.search(words) is not None


def _is_town_government(rest: str) -> bool:
    return rest.endswith(("镇人民政府", "乡人民政府", "苏木人民政府"))


def _is_office_of_none(words: str) -> bool:
    return words in {"办公室", "办公厅", "委员会", "人民政府", "管委会"}

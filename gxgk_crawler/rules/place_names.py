"""Which division a name means: by the year, by what it belongs to, and by the host that says it; never by a guess.

Names repeat (朝阳 is a city, a county and two districts), come and go (襄樊市 is 襄阳市 since 2010, 密云县 is 密云区 since
2015) and are cut short (呼伦贝尔). A name that could mean several divisions means none. Development zones 开发区 have no code:
theirs is that of the government above them. Host names come from the registry.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import re2

from gxgk_crawler.rules.divisions import Division, above, code_prefixes, division_at, division_rows, divisions_named
from gxgk_crawler.rules.registry import registry

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEWEST = 9999
_LONGEST_NAME = 16  # the longest name of a division has 15 characters
_BRACKETS = re2.compile("[（(【\\[][^（）()【】\\[\\]]*[）)】\\]]")
_RANK = re2.compile("(?:自治区|自治州|自治县|自治旗|特别行政区|林区|地区|省|市|县|区|旗|州|盟)$")
_ZONE = re2.compile(
    "(?:开发区|实验区|示范区|园区|新区|保税区|综保区|高新区|经开区|合作区|管理区|度假区|风景区|产业园|新城)(?:管理委员会|管委会)?$"
)
_SITE_CODE = re2.compile("^[0-9]{10}$")
# What governments and their websites add to the name of their place.
_GOVERNMENT = re2.compile("(?:人民)?政府(?:办公室|办公厅|办)?(?:门户)?(?:网站|网)?$|(?:门户网站|行政公署|行署)$")


def division_code(
    name: str, *, year: int | None = None, within: str | None = None, host: str | None = None
) -> str | None:
    """The GB/T 2260 code of the division that a name means or begins with; None when that is not certain.

    name: 高明区, 佛山市高明区人民政府, 广东省佛山市, 呼伦贝尔, 佛山高新技术产业开发区. year: in which it was said; the newest one
    by default. within: code or name of a division that it belongs to; a name that is not certain leaves none. host: that says
    it; of several divisions it means the one that the host is of, or one above or below that. A unit that was renamed, or became a
    district, is found under its other name too, and one that was abolished under its last code.
    """
    words = _GOVERNMENT.sub("", _BRACKETS.sub("", "".join(name.split())))
    moment = year or _NEWEST
    found = _within(_meant(words, moment), within, moment)
    if len(_codes(found)) > 1 and host is not None:
        found = _near(found, host_division(host), moment)
    if len(_codes(found)) != 1:
        return None
    return _in_force(found[0], moment).code


def host_division(host: str) -> str | None:
    """The code of the division whose portal has the host, or a host above it (zjj.example.gov.cn); None for an unknown one."""
    host = host.lower().removeprefix("www.")
    while host.count(".") > 1:
        if host in _hosts():
            return _hosts()[host]
        host = host.partition(".")[2]
    return None


def site_division(site_code: str | None) -> str | None:
    """The division that a 政府网站标识码 begins with; None for that of a central organ (`bm…`) and for a code of no division.

    Its first six of ten digits are the code of the sponsor's division (国务院办公厅, 政府网站发展指引, 2017).
    """
    if site_code is None or not _SITE_CODE.search(site_code):
        return None
    division = division_at(site_code[:6], _NEWEST)
    return division.code if division is not None else None


def fits_site_code(division: str | None, site_code: str | None) -> bool | None:
    """Whether a portal of the division can have the site code; None where one of them is unknown.

    A renamed unit may keep the code of its old name (新津区 510118 has 5101320017), and a zone or department that of a division
    above or below.
    """
    code = site_division(site_code)
    if code is None or division is None:
        return None
    one, other = division_at(code, _NEWEST), division_at(division, _NEWEST)
    if one is None or other is None:
        return None
    related = one.code == other.code or _is_above(one, other) or _is_above(other, one)
    return related or _in_force(one, _NEWEST).code == _in_force(other, _NEWEST).code


def _meant(words: str, year: int) -> list[Division]:
    """All divisions that the words may mean in the year: those of the longest chain of names, else those of a name cut short."""
    found: list[Division] = []
    rest = words
    while step := _next_name(rest, found, year):
        found, rest = step
    if not found:
        return _cut_short(words, year)
    is_coarse = all(one.level == 1 and not one.name.endswith("市") for one in found)
    return [] if is_coarse and _ZONE.search(rest) else _at(found, year)


def _next_name(rest: str, over: list[Division], year: int) -> tuple[list[Division], str] | None:
    """(the divisions that the longest name at the beginning has, below those before it; what follows the name)."""
    codes = _codes(over)
    for length in range(min(_LONGEST_NAME, len(rest)), 1, -1):
        named = [
            one for one in divisions_named(rest[:length]) if not over or codes & {up.code for up in above(one, year)}
        ]
        if named:
            return named, rest[length:]
    return None


def _cut_short(words: str, year: int) -> list[Division]:
    """The divisions of a name without its rank: the whole words (呼伦贝尔), or the beginning of a zone's name (佛山高新区)."""
    if words in _stems():
        return _at(_stems()[words], year)
    if _ZONE.search(words):
        for length in range(min(_LONGEST_NAME, len(words) - 3), 1, -1):
            found = _at(_stems().get(words[:length], ()), year)
            if found:
                coarse = all(one.level == 1 and not one.name.endswith("市") for one in found)
                return [] if coarse else found
    return []


def _at(found: Iterable[Division], year: int) -> list[Division]:
    """Those that had their name in the year; else those that had it nearest to that year."""
    found = list(found)
    nearest = min((one.distance(year) for one in found), default=0)
    return [one for one in found if one.distance(year) == nearest]


def _within(found: list[Division], within: str | None, year: int) -> list[Division]:
    if within is None:
        return found
    if not within.isdecimal():
        within = division_code(within, year=year)
    if within is None:
        return []
    prefixes = tuple(code_prefixes(within))
    return [
        one
        for one in found
        if one.code.startswith(prefixes) or any(up.code.startswith(prefixes) for up in above(one, year))
    ]


def _near(found: list[Division], code: str | None, year: int) -> list[Division]:
    """Those that the division of that code is, else those below it, else those above it."""
    home = division_at(code, year) if code is not None else None
    if home is None:
        return found
    for chosen in (
        [one for one in found if one.code == home.code],
        [one for one in found if _is_above(home, one, year)],
        [one for one in found if _is_above(one, home, year)],
    ):
        if chosen:
            return chosen
    return found


def _is_above(one: Division, other: Division, year: int = _NEWEST) -> bool:
    return one.code in {up.code for up in above(other, year)}


def _in_force(division: Division, year: int) -> Division:
    """The same unit under the code that it had in the year: of its level and place, with the same name but for the rank."""
    if division.distance(year) == 0 or (year == _NEWEST and division.valid_to == _last_year()):
        return division
    now, over = min(year, _last_year()), _government_over(division)
    same = [
        one
        for one in _stems().get(_stem(division.name), ())
        if one.level == division.level and _government_over(one) == over and one.distance(now) == 0
    ]
    return same[0] if len(_codes(same)) == 1 else division


def _government_over(division: Division) -> str | None:
    """The code of the next government above; a county of a municipality has none of the groupings between them."""
    return next((up.code for up in above(division, division.valid_to)), None)


def _codes(found: Iterable[Division]) -> set[str]:
    return {one.code for one in found}


def _stem(name: str) -> str:
    stem = str(_RANK.sub("", name))
    return stem if len(stem) > 1 else name


@cache
def _stems() -> dict[str, tuple[Division, ...]]:
    """Every division by its name without the rank; groupings such as 市辖区 are left out."""
    found: dict[str, tuple[Division, ...]] = {}
    for division in division_rows():
        stem = _stem(division.name)
        found[stem] = (*found.get(stem, ()), division)
    return found


@cache
def _last_year() -> int:
    return max(division.valid_to for division in division_rows())


@cache
def _hosts() -> dict[str, str]:
    """Division codes by host, without www."""
    found: dict[str, str] = {}
    for row in registry().values():
        for host in (urlsplit(row.entry).hostname or "", *row.hosts_also):
            if row.division and host.count(".") > 1:
                found.setdefault(host.removeprefix("www."), row.division)
    return found

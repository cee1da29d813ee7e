"""Administrative divisions 行政区划 (GB/T 2260) of the county level and above, as they were in each year from 2007.

The table is `rules/divisions.csv`, distilled from yearly lists (see NOTICE). A code can change hands: 420607 was 襄阳区
until 2009 and is 襄州区 since. So every question names a year. For a year outside a code's intervals the nearest one
answers, because lists lag behind decrees (莱芜市, abolished in January 2019, ends in the list of 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gxgk_crawler.errors import NotFoundError
from gxgk_crawler.rules.load import read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A division under one name. level: 1 province, 2 prefecture, 3 county. parent: code of the one above, or None.

    valid_from, valid_to: first and last year of the name, both included.
    """

    code: str
    level: int
    name: str
    parent: str | None
    valid_from: int
    valid_to: int

    def distance(self, year: int) -> int:
        """Years between `year` and the interval; 0 inside it."""
        return max(self.valid_from - year, year - self.valid_to, 0)


@cache
def _by_code() -> dict[str, list[Division]]:
    table: dict[str, list[Division]] = {}
    for row in read_table("divisions"):
        division = Division(
            code=row["code"],
            level=int(row["level"]),
            name=row["name"],
            parent=row["parent"] or None,
            valid_from=int(row["valid_from"]),
            valid_to=int(row["valid_to"]),
        )
        table.setdefault(division.code, []).append(division)
    return table


def division_at(code: str, year: int) -> Division | None:
    """The division that had the code in that year, or in the nearest year known; None for an unknown code."""
    return min(
        _by_code().get(code, ()), key=lambda division: (division.distance(year), -division.valid_from), default=None
    )


@cache
def division_names() -> frozenset[str]:
    """The names of all divisions of all years, and the same without 省, 市, 县, 区, 旗, 州 or 盟 at the end."""
    names = {row["name"] for row in read_table("divisions")}
    return frozenset(names | {name.rstrip("省市县区旗州盟") for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province 省级行政区. code: the first two digits of its division codes. name: the official name.

    pinyin: the directory of its portal files, `spiders/<pinyin>/`; 陕西 is shaanxi, 山西 shanxi.
    """

    code: str
    pinyin: str
    name: str


@cache
def provinces() -> dict[str, Province]:
    """All 34 by their two digits. The table is `rules/provinces.csv`."""
    return {row["code"]: Province(**row) for row in read_table("provinces")}


def code_prefixes(division: str) -> list[str]:
    """Beginnings of the codes of a division and everything below it, in order of code.

    division: a code of 2, 4 or 6 digits, or an official name of any year. 15 and 150000 give 15, 1507 and 150700 give 1507,
    150702 itself. A name that several divisions have or had gives all of them. Raises NotFoundError.
    """
    if division.isascii() and division.isdecimal():
        codes = [division.ljust(6, "0")] if len(division) in {2, 4, 6} else []
        found = [code for code in codes if code in _by_code()]
    else:
        found = sorted({row["code"] for row in read_table("divisions") if row["name"] == division})
    if not found:
        raise NotFoundError(f"no division {division}: give a code of 2, 4 or 6 digits or an official name")
    return [prefix_of(code) for code in found]


# Level-2 entries that only group counties: 市辖区 and 县 of the municipalities, 直辖县 of some provinces.
_GROUPS = frozenset({"市辖区", "县", "直辖县"})


def above(division: Division, year: int) -> list[Division]:
    """The divisions that a division belongs to in that year, nearest first; groupings without a government are left out."""
    found = []
    parent = division_at(division.parent, year) if division.parent else None
    while parent is not None:
        if parent.name not in _GROUPS:
            found.append(parent)
        parent = division_at(parent.parent, year) if parent.parent else None
    return found


def full_name(division: Division, year: int) -> str:
    """The name under which a government signs: a district with its city (`佛山市高明区`), any other by its own name alone."""
    city = above(division, year)[:1] if division.level == 3 and division.name.endswith("区") else []
    return "".join(one.name for one in [*city, division])


@cache
def divisions_named(name: str) -> tuple[Division, ...]:
    """All divisions that ever had this name; groupings such as 市辖区 have none."""
    return _by_name().get(name, ())


def division_rows() -> list[Division]:
    """All divisions under all their names, in order of code and year; groupings such as 市辖区 are left out."""
    return [division for code in sorted(_by_code()) for division in _by_code()[code] if division.name not in _GROUPS]


@cache
def _by_name() -> dict[str, tuple[Division, ...]]:
    table: dict[str, tuple[Division, ...]] = {}
    for division in division_rows():
        table[division.name] = (*table.get(division.name, ()), division)
    return table


@cache
def divisions_below(code: str | None) -> tuple[Division, ...]:
    """The divisions right below one, in order of code, each under its newest name; the provinces when code is None.

    What the newest list no longer has is left out, and a grouping gives way to what it groups.
    """
    newest = max(division.valid_to for names in _by_code().values() for division in names)
    found: list[Division] = []
    for names in _by_code().values():
        last = max(names, key=lambda division: division.valid_to)
        if last.parent != code or last.valid_to < newest:
            continue
        found += divisions_below(last.code) if last.name in _GROUPS else [last]
    return tuple(sorted(found, key=lambda division: division.code))


def prefix_of(code: str) -> str:
    """How the codes of a division and of everything below it begin: 15 for 150000, 1507 for 150700."""
    return code.removesuffix("00").removesuffix("00")

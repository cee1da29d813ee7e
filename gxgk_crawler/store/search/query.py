"""What a person asks the search: terms, alternatives, exclusions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gxgk_crawler.errors import QueryError
from gxgk_crawler.store.search.tokens import LONGEST_TERM, fold, pieces

_MOST_PIECES = 128  # each is a look-up of its own

_TOKEN = re.compile(
    r"(?P<bar>[|｜])"
    r"|(?P<minus>(?<![^\s|｜])[-－](?=\S))?"
    r'(?:"(?P<straight>(?:[^"]|"")*)(?:"|$)|“(?P<curly>[^”]*)(?:”|$)|(?P<word>[^\s"“|｜]+))'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A report is meant when of each of `every` at least one term stands in its text, and none of `without`."""

    every: list[list[str]]
    without: list[str]

    @property
    def terms(self) -> list[str]:
        """All terms that are looked for."""
        return [term for group in self.every for term in group]

    def needs_text(self) -> bool:
        """True when a term is too long to be looked up whole, so that the index alone cannot decide."""
        return any(len(term) > LONGEST_TERM for term in [*self.terms, *self.without])

    def matches(self, text: str) -> bool:
        """The meaning of the query, term by term, on a whole text."""
        folded = fold(text)
        return all(any(fold(term) in folded for term in group) for group in self.every) and not any(
            fold(term) in folded for term in self.without
        )


def parse(query: str) -> Query:
    """Read a query: blanks between terms mean and, `|` or, `-` before a term not; “…” or "…" is one term as written.

    `|` binds closer than a blank: `疫情 | 防控 2020` asks for 2020 and one of the other two. Inside quotes nothing has a
    meaning but `""`, which is one quote. Raises QueryError when no term is looked for, when an alternative is an exclusion,
    and when the query is too long.
    """
    every: list[list[str]] = []
    without: list[str] = []
    joined = after_exclusion = False
    for match in _TOKEN.finditer(query):
        if match["bar"]:
            joined = True
            continue
        term = _term(match)
        if not term:
            continue
        if joined and (match["minus"] or after_exclusion):
            raise QueryError("an alternative cannot be an exclusion: write - and | apart")
        after_exclusion = bool(match["minus"])
        if match["minus"]:
            without.append(term)
        elif joined and every:
            every[-1].append(term)
        else:
            every.append([term])
        joined = False
    found = Query(every=_distinct(every), without=list(dict.fromkeys(without)))
    _check(found)
    return found


def _term(match: re.Match[str]) -> str:
    if match["straight"] is not None:
        return match["straight"].replace('""', '"')
    return match["curly"] if match["curly"] is not None else match["word"]


def _distinct(groups: list[list[str]]) -> list[list[str]]:
    return [list(group) for group in dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups)]


def _check(query: Query) -> None:
    if not query.every:
        raise QueryError("the query only excludes" if query.without else "the query holds no term")
    if sum(len(pieces(term)) for term in {*query.terms, *query.without}) > _MOST_PIECES:
        raise QueryError(
            f"the query is too long: at most {_MOST_PIECES} terms, or {LONGEST_TERM} times as many characters"
        )


_NO_OPERATORS = {
    "OR": "OR is a word like any other; write a | b for one of the two",
    "AND": "AND is a word like any other; a blank means and",
    "NOT": "NOT is a word like any other; write -a for texts without a",
}


def described(query: str) -> list[str]:
    """What the query asks for, in one line, and a line for each sign in it that other searches read in another way.

    For a person whose query finds nothing. Raises QueryError as `parse`.
    """
    asked = parse(query)
    every = " and ".join(" or ".join(f"“{term}”" for term in group) for group in asked.every)
    without = "".join(f", and not “{term}”" for term in asked.without)
    lines = [f"looked for texts with {every}{without}"]
    terms = [*asked.terms, *asked.without]
    lines += [told for word, told in _NO_OPERATORS.items() if word in terms]
    if any(re.search(r"[*?？]", term) for term in terms):
        lines.append("* and ? are characters like any other; a part of a word is found without them")
    if any(re.match(r"[A-Za-z]+[:：]", term) for term in terms):
        lines.append("there are no fields such as title:; use the options, as in --issuer, --year, --portal")
    if any(re.fullmatch(r"\d{4}[-./]\d{1,2}([-./]\d{1,2})?", term) for term in terms):
        lines.append("a date is found as it is written in the text, as in 2021年1月20日")
    return lines

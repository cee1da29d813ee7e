"""A replica: one portal drawn from its sample reports, and the changes that happen to a portal over the years."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.replica.prose import Sample
from tests.replica.site import Answer, Site, by_host

Draw = Callable[[tuple[Sample, ...]], Mapping[str, Answer]]


class Replica:
    """A portal as its visitors see it.

    name: of the spider that crawls it. draw: all pages of the portal for the samples it has, absolute URL -> answer.
    address: the canonical URL of a sample. fresh: what `publish` adds. schemes: per host, when not https alone.
    """

    def __init__(
        self,
        name: str,
        samples: tuple[Sample, ...],
        *,
        draw: Draw,
        address: Callable[[Sample], str],
        fresh: tuple[Sample, ...],
        schemes: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.name = name
        self._samples = samples
        self._draw = draw
        self._address = address
        self._fresh = fresh
        schemes = schemes or {}
        self.sites = [Site(host, pages, schemes=schemes.get(host, ("https",))) for host, pages in self._hosts().items()]

    @property
    def reports(self) -> dict[str, Sample]:
        """What a complete crawl must find: canonical URL -> report."""
        return {self._address(sample): sample for sample in self._samples}

    def correct(self, year: int) -> str:
        """Change a sentence of that year's report without a word about it; its URL."""
        sample = self._of(year)
        place, block = next(
            (i, b) for i, b in reversed(list(enumerate(sample.blocks))) if b.kind == "paragraph" and "。" in b.text
        )
        text = block.text.replace("。", "，有关数字已于发布后更正。", 1)
        blocks = (*sample.blocks[:place], replace(block, text=text), *sample.blocks[place + 1 :])
        self._become(tuple(replace(s, blocks=blocks) if s is sample else s for s in self._samples))
        return self._address(sample)

    def remove(self, year: int) -> str:
        """Delete that year's report from the portal and from its list; the URL it had."""
        sample = self._of(year)
        self._become(tuple(s for s in self._samples if s is not sample))
        return self._address(sample)

    def publish(self) -> list[str]:
        """Put the two fresh reports up; their URLs."""
        self._become((*self._samples, *self._fresh))
        return [self._address(sample) for sample in self._fresh]

    def _of(self, year: int) -> Sample:
        return next(sample for sample in self._samples if sample.year == year)

    def _become(self, samples: tuple[Sample, ...]) -> None:
        self._samples = samples
        hosts = self._hosts()
        for site in self.sites:
            site.redraw(hosts[site.host])

    def _hosts(self) -> dict[str, dict[str, Answer]]:
        return by_host(self._draw(self._samples))

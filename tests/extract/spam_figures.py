"""How well spam is found: figures over the generated test set.

`python -m tests.extract.spam_figures [-v]` prints the figures of both halves and the alarms on honest texts, and with -v what was
missed in the development half.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gxgk_crawler.extract import extract
from tests.extract.spam_corpus import HALVES, Sample, honest_texts, spam_samples

_OFTEN = 4


@dataclass(slots=True)
class Figures:
    """Counts over many samples. genuine: characters removed that were not planted, doubled punctuation aside."""

    planted: int = 0
    hit: int = 0
    exact: int = 0
    removed: int = 0
    right: int = 0
    genuine: int = 0
    pages: int = 0
    pages_hit: int = 0
    by_kind: dict[str, list[int]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.removed if self.removed else 1.0

    @property
    def recall(self) -> float:
        return self.hit / self.planted if self.planted else 1.0

    @property
    def page_recall(self) -> float:
        return self.pages_hit / self.pages if self.pages else 1.0


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(shared, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


def _trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    start, end = span
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _same(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Two spans whose removal leaves the same text are one span."""
    return one == other or text[: one[0]] + text[one[1] :] == text[: other[0]] + text[other[1] :]


def _fused(spans: list[tuple[int, int]], edits: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Several edits that lie in one planted span count as one."""
    for start, end in spans:
        inside = [edit for edit in edits if start <= edit[0] and edit[1] <= end]
        if len(inside) > 1:
            edits = [edit for edit in edits if edit not in inside] + [(inside[0][0], inside[-1][1])]
    return sorted(edits)


def measure(samples: list[Sample]) -> Figures:
    """Span hit: intersection over union of at least one half."""
    figures = Figures()
    for sample in samples:
        document = extract(sample.text.encode(), media_type="text/plain")
        edits = [(edit.start, edit.end) for edit in document.edits if edit.kind == "spam"]
        planted = {at for span in sample.spans for at in range(*span)}
        lost = "".join(sample.text[at] for edit in edits for at in range(*edit) if at not in planted)
        spans = [_trimmed(sample.text, span) for span in sample.spans]
        edits = _fused(spans, [_trimmed(sample.text, edit) for edit in edits])
        hits = [span for span in spans if any(_overlap(span, edit) >= 0.5 for edit in edits)]
        figures.pages += 1
        figures.pages_hit += bool(edits)
        figures.planted += len(spans)
        figures.hit += len(hits)
        figures.exact += sum(any(_same(sample.text, span, edit) for edit in edits) for span in hits)
        figures.removed += len(edits)
        figures.right += sum(any(_overlap(span, edit) >= 0.5 for span in spans) for edit in edits)
        gone = lost.strip("，, \n")
        figures.genuine += len(gone)
        counts = figures.by_kind.setdefault(sample.kind, [0, 0])
        counts[0] += len(hits)
        counts[1] += len(spans)
        missed = [span for span in spans if span not in hits]
        for start, end in missed[:_OFTEN]:
            around = f"{sample.text[max(0, start - 12) : start]}[{sample.text[start:end]}]{sample.text[end : end + 8]}"
            figures.missed.append(f"MISS {sample.kind}: {around!r}")
        if gone:
            figures.missed.append(f"LOST {sample.kind}: {gone!r} of {sample.spans[:2]} {sample.text[:60]!r}")
    return figures


def main(*, verbose: bool) -> None:
    """Print the figures of both halves and the alarms on honest texts."""
    for half in HALVES:
        figures = measure(spam_samples(half))
        print(
            f"{half}: planted {figures.planted} page recall {figures.page_recall:.3f} span recall {figures.recall:.3f} "
            f"precision {figures.precision:.3f} exact {figures.exact / max(figures.hit, 1):.3f} genuine characters lost "
            f"{figures.genuine}"
        )
        print("   ", {kind: f"{hit}/{planted}" for kind, (hit, planted) in figures.by_kind.items()})
        if verbose and half == "development":
            print("\n".join(figures.missed))
    texts = list(honest_texts())
    documents = [extract(text.encode(), media_type="text/plain") for text in texts]
    alarms = [one for one in documents if {"spam", "damaged"} & set(one.flags)]
    print(f"honest texts {len(texts)} alarms {len(alarms)}")
    for document in alarms if verbose else []:
        print(
            document.flags,
            [edit.text for edit in document.edits if edit.kind == "spam"][:5],
            document.extracted_text[:80],
        )


if __name__ == "__main__":
    import sys

    main(verbose="-v" in sys.argv)

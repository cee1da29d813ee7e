"""Lines over years: gaps stay gaps, values are printed, and a change of the form is a rule across the chart."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_LINES = 8  # more are no lines any more, but a tangle
_WIDTH, _HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 130, 16, 28
_LABEL_STEP = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """A value in the chart. x, y: its place. key: what the caller knows it by."""

    x: float
    y: float
    year: int
    value: float
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartLine:
    """One line. paths: SVG paths of the runs without a gap. label_y: where its name stands, at the right end.

    style: number of its colour.
    """

    label: str
    style: int
    paths: list[str]
    points: list[ChartPoint]
    label_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """ticks: (y, value) of the axis. years: (x, year). breaks: x of the rules. left, right, bottom: of the area."""

    width: int = _WIDTH
    height: int = _HEIGHT
    left: int = _LEFT
    right: int = _WIDTH - _RIGHT
    bottom: int = _HEIGHT - _BOTTOM
    ticks: list[tuple[float, float]] = field(default_factory=list)
    years: list[tuple[float, int]] = field(default_factory=list)
    breaks: list[tuple[float, int]] = field(default_factory=list)
    lines: list[ChartLine] = field(default_factory=list)


def line_chart(
    series: Sequence[tuple[str, Mapping[int, tuple[float, str]]]], breaks: Sequence[int] = ()
) -> LineChart | None:
    """The chart of up to eight series; None when there is nothing to draw.

    series: (label, year -> (value, key)). breaks: years with which another form begins; no line crosses them.
    """
    chosen = [(label, points) for label, points in series if points][:MOST_LINES]
    years = sorted({year for _, points in chosen for year in points})
    if not years:
        return None
    span = list(range(years[0], years[-1] + 1))
    top = _round_up(max(value for _, points in chosen for value, _ in points.values()))
    area_width, area_height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x_of(year: float) -> float:
        return round(_LEFT + (year - span[0] + 0.5) * area_width / len(span), 1)

    def y_of(value: float) -> float:
        return round(_TOP + area_height * (1 - value / top), 1)

    lines = []
    for number, (label, points) in enumerate(chosen):
        placed = [
            ChartPoint(x=x_of(year), y=y_of(value), year=year, value=value, key=key)
            for year, (value, key) in sorted(points.items())
        ]
        line = ChartLine(
            label=label, style=number % 6 + 1, paths=_paths(placed, breaks), points=placed, label_y=placed[-1].y
        )
        lines.append(line)
    return LineChart(
        ticks=[(y_of(top * part / 4), top * part / 4) for part in range(5)],
        years=[(x_of(year), year) for year in span],
        breaks=[(x_of(year - 0.5), year) for year in breaks if span[0] < year <= span[-1]],
        lines=_apart(lines),
    )


def _round_up(value: float) -> float:
    """A round number that is not below the value: 1, 2, 4 or 8 times a power of ten."""
    if value <= 0:
        return 4.0
    power = 10.0 ** (ceil(log10(value)) - 1)
    return next(step * power for step in (1, 2, 4, 8, 10, 20) if step * power >= value)


def _paths(points: Sequence[ChartPoint], breaks: Sequence[int]) -> list[str]:
    """One path for each run of years that follow each other and share a form."""
    runs: list[list[ChartPoint]] = []
    for point in points:
        goes_on = bool(runs) and runs[-1][-1].year == point.year - 1 and point.year not in breaks
        if goes_on:
            runs[-1].append(point)
        else:
            runs.append([point])
    return ["M" + "L".join(f"{point.x} {point.y}" for point in run) for run in runs if len(run) > 1]


def _apart(lines: list[ChartLine]) -> list[ChartLine]:
    """The lines with their names moved down where they would stand on each other."""
    placed: list[ChartLine] = []
    below = float("-inf")
    for line in sorted(lines, key=lambda one: one.label_y):
        below = max(line.label_y, below + _LABEL_STEP)
        placed.append(
            ChartLine(label=line.label, style=line.style, paths=line.paths, points=line.points, label_y=round(below, 1))
        )
    return placed

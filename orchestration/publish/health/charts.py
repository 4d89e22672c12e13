"""Charts as SVG without words, so that one drawing serves both languages; colours are those of the page, light or dark.

Belongs here: marks, axes, sizes. Does not: what is drawn, and what is said about it (`sales.py`, …).
"""

import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import altair

WIDTH, HEIGHT, FONT_SIZE = 520, 165, 13
COLOURS = ("var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)", "var(--c6)")
Point = tuple[date, str, float]


def bars(points: Sequence[Point], parts: Sequence[str], colours: Sequence[str] = COLOURS) -> str:
    """Bars by day; parts stand on each other, the first one lowest."""
    import altair as alt  # noqa: PLC0415 - seconds that only a run that draws has to pay

    chart = _chart(points, parts).mark_bar(size=max(2, round(0.72 * WIDTH / _span(points))))
    return _drawn(chart.encode(**_axes(), color=_colour(parts, colours), order=alt.Order("order:Q")))


def _chart(points: Sequence[Point], parts: Sequence[str]) -> "altair.Chart":
    import altair as alt  # noqa: PLC0415

    place = {part: index for index, part in enumerate(parts)}
    values = [{"day": str(day), "part": part, "value": value, "order": place[part]} for day, part, value in points]
    return alt.Chart(alt.InlineData(values=values))


def _span(points: Sequence[Point]) -> int:
    days = [day for day, _, _ in points]
    return (max(days) - min(days)).days + 1


def _axes() -> "dict[str, altair.X | altair.Y]":
    import altair as alt  # noqa: PLC0415

    by_day = alt.Axis(format="%m-%d", grid=False, tickCount=6, title=None, labelFlush=False)
    return {
        "x": alt.X("day:T", scale=alt.Scale(type="utc"), axis=by_day),  # utc: equal wherever it is drawn
        "y": alt.Y("value:Q", stack="zero", axis=alt.Axis(format="~s", tickCount=4, title=None)),
    }


def _colour(parts: Sequence[str], colours: Sequence[str]) -> "altair.Color":
    import altair as alt  # noqa: PLC0415

    return alt.Color("part:N", scale=alt.Scale(domain=list(parts), range=list(colours)[: len(parts)]), legend=None)


def _drawn(chart: "altair.Chart") -> str:
    axis = {"labelColor": "var(--soft)", "gridColor": "var(--line)", "domain": False, "ticks": False,
            "labelFontSize": FONT_SIZE, "labelPadding": 6}  # fmt: skip
    whole = chart.properties(width=WIDTH, height=HEIGHT, background="transparent", padding=2)
    svg = io.StringIO()
    whole.configure_view(stroke=None).configure_axis(**axis).save(svg, format="svg")
    return svg.getvalue()

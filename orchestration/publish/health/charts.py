"""Charts as SVG without words, so that one drawing serves both languages; colours are those of the page, light or dark.

Belongs here: marks, axes, sizes. Does not: what is drawn, and what is said about it (`sales.py`, …).
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

WIDTH, HEIGHT, FONT_SIZE = 520, 165, 13
BAR_SHARE = 0.72
COLOURS = ("var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)", "var(--c6)")
Point = tuple[date, str, float]


def bars(points: Sequence[Point], parts: Sequence[str], colours: Sequence[str] = COLOURS) -> str:
    """Bars by day; parts stand on each other, the first one lowest."""
    import vl_convert  # noqa: PLC0415 - seconds that only a run that draws has to pay

    days = [day for day, _, _ in points]
    bar = max(2, round(BAR_SHARE * WIDTH / ((max(days) - min(days)).days + 1)))
    place = {part: index for index, part in enumerate(parts)}
    values = [{"day": str(day), "part": part, "value": value, "order": place[part]} for day, part, value in points]
    spec = _spec(tuple(parts), tuple(colours), bar) | {"data": {"values": values}}
    svg: str = vl_convert.vegalite_to_svg(spec, vl_version=_language())
    return svg


@cache
def _spec(parts: tuple[str, ...], colours: tuple[str, ...], bar: int) -> dict[str, Any]:
    """The chart without its data."""
    import altair as alt  # noqa: PLC0415

    by_day = alt.Axis(format="%m-%d", grid=False, tickCount=6, title=None, labelFlush=False)
    chart = alt.Chart().mark_bar(size=bar)
    drawn = chart.encode(
        x=alt.X("day:T", scale=alt.Scale(type="utc"), axis=by_day),  # utc: equal wherever it is drawn
        y=alt.Y("value:Q", stack="zero", axis=alt.Axis(format="~s", tickCount=4, title=None)),
        color=alt.Color("part:N", scale=alt.Scale(domain=parts, range=colours[: len(parts)]), legend=None),
        order=alt.Order("order:Q"),
    ).properties(width=WIDTH, height=HEIGHT, background="transparent", padding=2)
    axis = {"labelColor": "var(--soft)", "gridColor": "var(--line)", "domain": False, "ticks": False}
    sizes = {"labelFontSize": FONT_SIZE, "labelPadding": 6}
    spec: dict[str, Any] = drawn.configure_view(stroke=None).configure_axis(**axis, **sizes).to_dict()
    return spec


@cache
def _language() -> str:
    """The version of Vega-Lite that the specification is written in."""
    import altair as alt  # noqa: PLC0415

    return alt.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]

"""What the health page is made of: words in two languages, cards, figures, tables, sections; how numbers are written.

Belongs here: shapes and spellings. Does not: what a section says (`sales.py`, …), how it looks (`health.html.jinja`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
Number = int | float | Decimal

UNKNOWN, UNBROKEN = "–", "\u00a0"
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Words:
    """The same in English and in Chinese."""

    en: str
    zh: str


@dataclass(frozen=True)
class Card:
    """One figure that is read at a glance."""

    label: Words
    value: str
    note: Words
    change: str = ""


@dataclass(frozen=True)
class Figure:
    """A drawn chart without words in it, and what to read in it; the legend names its colours."""

    svg: str
    reading: Words
    legend: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, and what it says of a row."""

    title: Words
    says: Callable[[Any], object] = field(repr=False, compare=False)
    is_number: bool = True


@dataclass(frozen=True)
class Table:
    """Rows of texts, `Words` or `Bar`s."""

    title: Words
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True)
class Bar:
    """A cell that is also a length, as a share of the longest of its column."""

    text: str
    percent: int


@dataclass(frozen=True)
class Cell:
    """A square of a grid: how many, how much, and how dark (0 to 100)."""

    count: str
    amount: str
    percent: int


@dataclass(frozen=True)
class Grid:
    title: Words
    columns: Sequence[Words]
    rows: Sequence[tuple[Words, Sequence[Cell | None]]]


@dataclass(frozen=True)
class Section:
    """A subject of the page. `summary` is its sentence at the top; `alert` says what someone should look at."""

    key: str
    title: Words
    summary: Words | None = None
    alert: Words | None = None
    headline: Words | None = None
    cards: Sequence[Card] = ()
    figures: Sequence[Figure] = ()
    grids: Sequence[Grid] = ()
    tables: Sequence[Table] = ()
    notes: Sequence[Words] = ()


@dataclass(frozen=True)
class Facts:
    """What the tables say of one day: the rows of each query of a topic."""

    day: date
    is_drawn: bool
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    def of(self, query: str) -> Sequence[Row]:
        return self.rows.get(query, ())


def money(amount: Number | None) -> str:
    """Yuan to the cent."""
    if amount is None:
        return UNKNOWN
    return f"{'−' if amount < 0 else ''}¥{abs(amount):,.2f}"


def count(number: Number | None) -> str:
    return UNKNOWN if number is None else f"{number:,}".replace("-", "−")


def signed(number: int | None) -> str:
    if number is None:
        return UNKNOWN
    return f"{number:+,}".replace("-", "−") if number else "0"


def percent(ratio: Number | None) -> str:
    return UNKNOWN if ratio is None else f"{float(ratio) * 100:,.1f}{UNBROKEN}%".replace("-", "−")


def multiple(ratio: Number | None) -> str:
    return UNKNOWN if ratio is None else f"{ratio:,.2f}{UNBROKEN}×"


def growth(now: Row | None, before: Row | None, column: str) -> float | None:
    """The change of a figure as a share of what it was; nothing where that is unknown or not positive."""
    if not now or not before or now[column] is None or before[column] is None or before[column] <= 0:
        return None
    return float((now[column] - before[column]) / before[column])


def change(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio * 100:+,.1f}{UNBROKEN}%".replace("-", "−")


def compared(ratio: float | None, en: str, zh: str) -> Words:
    """A growth as the end of a clause; nothing where it is unknown."""
    return Words(f", {change(ratio)} on {en}", f"，较{zh} {change(ratio)}") if ratio is not None else Words("", "")


def share(part: Number | None, whole: Number | None) -> float | None:
    return None if part is None or not whole else float(part) / float(whole)


def total(rows: Sequence[Row], column: str) -> Any:
    """The sum of what is known; nothing where nothing is."""
    known = [row[column] for row in rows if row[column] is not None]
    return sum(known) if known else None


def part_of(part: Number | None, whole: Number | None) -> Words:
    return Words(f"{count(part)} of {count(whole)}", f"{count(part)} / {count(whole)}")


def shop(row: Row) -> str:
    return f"{row['platform']} / {row['shop_id']}"


def of(column: str, spelt: Callable[[Any], object]) -> Callable[[Row], object]:
    """What a column of a table says where it is a column of its query."""
    return lambda row: spelt(row[column])


def table(title: Words, columns: Sequence[Column], rows: Sequence[Any]) -> list[Table]:
    """One table, or none where it would have no row."""
    return [Table(title, columns, [[column.says(row) for column in columns] for row in rows])] if rows else []


def bar(amount: Decimal, longest: Decimal) -> Bar:
    """Yuan as a length."""
    return Bar(money(amount), round(100 * max(amount, Decimal()) / longest) if longest > 0 else 0)


def long_day(day: date) -> Words:
    return Words(
        f"{day:%A}, {day.day} {day:%B %Y}", f"{day.year}年{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"
    )


def short_day(day: date) -> Words:
    return Words(f"{day.day} {day:%b}", f"{day.month}月{day.day}日")

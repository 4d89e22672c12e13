"""Clock times without a day, as DuckDB SQL: a cell that says `20:30` is on the day that its row names elsewhere.

Belongs here: which day that is. Does not: what a time is (`casting.py`).
"""

from collections.abc import Container

from orchestration.extract.contracts import Contract

CLOCK_ALONE = r"^\d{1,2}:\d\d(:\d\d(\.\d{1,9})?)?$"


def with_day(name: str, contract: Contract, loaded: Container[str]) -> str:
    """The text of a column; a clock alone has its day before it, or stays as it is where the row names none."""
    text, day = f'"{name}"', contract.columns[name].day
    if day is None or day not in loaded:
        return text
    date = f'try_cast("{day}" as date) + cast({_is_past_midnight(name, contract, loaded)} as integer)'
    is_clock = f"regexp_matches({text}, '{CLOCK_ALONE}')"
    return f"case when {is_clock} then coalesce({date} || ' ' || {text}, {text}) else {text} end"


def _is_past_midnight(name: str, contract: Contract, loaded: Container[str]) -> str:
    """Whether it is before the time that it must not precede: then it is on the next day."""
    earlier = [first for first, second in contract.in_order if second == name and first in loaded]
    tests = [f"coalesce({_clock(name)} < {_clock(first)}, false)" for first in earlier]
    return f"({' or '.join(tests)})" if tests else "false"


def _clock(name: str) -> str:
    return f"try_cast(regexp_extract(\"{name}\", '[^ T]+$') as time)"

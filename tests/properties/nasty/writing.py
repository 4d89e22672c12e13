"""How the histories with a name are written down: what came, what went, in which step.

Belongs here: the words. Does not: the rows of an export (`exports.py`).
"""

from collections.abc import Mapping

from tests.properties.exports import day
from tests.properties.histories import File, History, Row, Rows, Step

Changes = Mapping[File, Rows | None]
MONTHS = "01-05 01-12 02-10 03-01 06-01"


def history(name: str, *steps: Step) -> History:
    return History(name, steps)


def step(*parts: Changes, asked: str = "", broken_off: str = "") -> Step:
    return Step(
        {file: rows for part in parts for file, rows in part.items()},
        tuple(day(one) for one in asked.split()),
        broken_off,
    )


def came(dataset: str, on: str, *rows: Row, name: str = "a", shop: str = "") -> Changes:
    return {_file(dataset, on, name, shop): rows}


def went(dataset: str, on: str, name: str = "a", shop: str = "") -> Changes:
    return {_file(dataset, on, name, shop): None}


def _file(dataset: str, on: str, name: str, shop: str) -> File:
    return File(dataset if "/" in dataset else f"generic/{dataset}", day(on), name, shop)

"""A table as a dictionary of equally long numpy columns: the one shape in which the brand's facts are kept."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Columns = dict[str, Array]


def height(columns: Columns) -> int:
    return len(next(iter(columns.values())))


def rows(columns: Columns, which: Array | slice) -> Columns:
    """The chosen rows: by slice, by mask or by position."""
    return {name: values[which] for name, values in columns.items()}


def stacked(tables: Iterable[Columns]) -> Columns:
    """The rows of tables with the same columns, one table below the other."""
    several = list(tables)
    return {name: np.concatenate([table[name] for table in several]) for name in several[0]}


def looked_up(columns: Columns, names: Iterable[str], positions: Array) -> Columns:
    """Some columns of another table, by position in it."""
    return {name: columns[name][positions] for name in names}

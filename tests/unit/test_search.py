"""The search that tests rely on for what must not be told anywhere finds a word in every kind of file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tests.search import PLACES, places_not_looked_at, told_of

WORD = "13900001234"


def tell(file: Path) -> None:
    """A file of its kind with the word in it, in the middle of many other values so that it stands there compressed."""
    file.parent.mkdir(parents=True)
    rows = f"select n, case n when 5000 then '{WORD}' else 'x' end as told from range(10000) as t (n)"
    if file.suffix == ".parquet":
        duckdb.execute(f"copy ({rows}) to '{file}' (format parquet, compression zstd)")
    elif file.suffix == ".duckdb":
        with duckdb.connect(str(file)) as connection:
            connection.execute(f"create schema marts; create table marts.told as {rows}")
    elif file.suffix in (".sqlite", ".db"):
        with closing(sqlite3.connect(file)) as book, book:
            book.execute("create table told as select ? as told", [WORD])
    else:
        file.write_text(f"one line\nanother with {WORD} in it\n")


@pytest.mark.parametrize("place", PLACES)
def test_a_word_is_found_in_every_place(place: str, tmp_path: Path) -> None:
    file = tmp_path / PLACES[place].replace("*", "2026", 1).replace("*", "any")
    tell(file)
    assert list(told_of(tmp_path, [WORD, "not there"])) == [(file, WORD)]
    assert places_not_looked_at(tmp_path) == PLACES.keys() - {place}
    assert places_not_looked_at(tmp_path, besides=[file.relative_to(tmp_path).parts[0]]) == PLACES.keys()

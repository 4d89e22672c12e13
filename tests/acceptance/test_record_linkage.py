"""Labelled records whose identifier is misspelt in places: whoever becomes one customer is one person.

Belongs here: the labels, precision and recall. Does not: the four sets side by side (`benchmarks/record_linkage.py`).
"""

import csv
import gzip
from itertools import combinations
from pathlib import Path

import duckdb

from tests.properties.installation import SteppedInstallation
from tests.properties.nasty.writing import came, step

RECORDS = Path(__file__).with_name("febrl") / "records-3.csv.gz"
# Every seventh pair has two spellings of its number. Exact rules guess at none of them, and find all the others.
LEAST_RECALL = 0.85
CUSTOMERS = "select list(account_id) from finished.marts.customer_accounts group by customer_key"
Pairs = set[frozenset[str]]


def test_nobody_is_taken_for_another_and_most_are_found_again(tmp_path: Path) -> None:
    with gzip.open(RECORDS, "rt", encoding="utf-8") as file:
        numbers = {record["rec_id"]: record["soc_sec_id"] for record in csv.DictReader(file)}
    true, ours = _pairs(_by_person(numbers)), _pairs(_resolved(tmp_path / "home", numbers))
    assert len(true) == 6538
    assert ours - true == set(), "precision is less than 1.0"
    assert len(ours) / len(true) >= LEAST_RECALL
    assert ours == {pair for pair in true if len({numbers[name] for name in pair}) == 1}


def _by_person(numbers: dict[str, str]) -> list[list[str]]:
    """`rec-1070-org` and `rec-1070-dup-0` are of person 1070."""
    people: dict[str, list[str]] = {}
    for name in numbers:
        people.setdefault(name.split("-")[1], []).append(name)
    return list(people.values())


def _resolved(home: Path, numbers: dict[str, str]) -> list[list[str]]:
    """The accounts of each customer: every record is an account, each copy of a person in a shop of its own."""
    rows = [
        {"shop_id": name.split("-", 2)[2], "account_id": name, "id_type": "card_no", "id_value": number}
        for name, number in numbers.items()
    ]
    installation = SteppedInstallation(home)
    installation.tables_after([step(came("identifiers", "01-05", *rows), broken_off="+customer_accounts")])
    with duckdb.connect() as connection:
        connection.execute(f"attach '{installation.settings.finished_file}' as finished (read_only)")
        return [names for (names,) in connection.execute(CUSTOMERS).fetchall()]


def _pairs(people: list[list[str]]) -> Pairs:
    return {frozenset(pair) for names in people for pair in combinations(names, 2)}

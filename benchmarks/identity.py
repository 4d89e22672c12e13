"""Who is one person, at size: `python -m benchmarks.identity [--people 4000000]`.

Five identifiers and accounts and three edges a person: 20 million and 12 million unless told. Belongs here: the edges,
the product's function on keys as they stand in the warehouse, scipy's on the same edges as ready arrays, and what the
product does from rows of identifiers to customers: its function with the models before and after it. Does not: time
(`measure.py`).

Each reads its edges from a file, counts its clusters and says how many; other numbers of clusters end the benchmark.
"""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.measure import Target, Work, measure, parser, report, tell, workplace
from orchestration.settings import DBT_PROJECT

OURS, THEIRS, WHOLE = "clusters of keys", "scipy on ready arrays", "identifiers to customers"
MODEL = DBT_PROJECT / "models" / "intermediate" / "identity" / "int_accounts_clustered.py"
ACCOUNTS, IDENTIFIERS = 2, 3  # of a person; two of the identifiers are edges, of which one is shared
TIMES_SCIPY = 6
WAREHOUSE = "warehouse.duckdb"
# As `dbt_project/profiles.yml` has it.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "memory_limit": "4GB",
    "preserve_insertion_order": False,
}
BEFORE, AFTER, MAPPED = "int_identity_edges_judged", "int_accounts_resolved", "int_identifiers_matched"
# A phone that both accounts have, and another identifier that the second one has alone.
IDENTIFIER_ROWS = """
create table intermediate.int_identifiers_unioned as
select
    account_key,
    case when account % 2 = 0 then 'douyin' else 'tmall' end as platform,
    's' || account % 400 as shop_id,
    account::varchar as account_id,
    case when identifier % 3 = 0 then 'phone' else 'union_id' end as id_type,
    identifier_key,
    null::timestamp as valid_from,
    null::timestamp as valid_to,
    true as is_joining,
    identifier % 3 = 0 as is_single_valued,
    5 as account_cap,
    20 as extra_account_cap,
    'made' as content_hash,
    account::bigint as line_number
from made
"""


def make(place: Path, people: int) -> None:
    """The edges as positions and as keys of 60 bits, in an order that helps nobody."""
    person = np.random.default_rng(1).permutation(people).astype(np.int32)
    account = np.concatenate([person * 2, person * 2 + 1, person * 2 + 1])
    identifier = np.concatenate([person * 3, person * 3, person * 3 + 1])
    np.save(place / "account.npy", account)
    np.save(place / "identifier.npy", identifier)
    np.save(place / "account_key.npy", _key(account, 1))
    np.save(place / "identifier_key.npy", _key(identifier, 2))


def _key(position: np.ndarray, seed: int) -> np.ndarray:
    """Different positions, different keys (an odd factor is invertible), spread over the range."""
    mixed = (position.astype(np.uint64) + np.uint64(seed << 32)) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed ^ (mixed >> np.uint64(29))) >> np.uint64(4)).astype(np.int64)


def make_warehouse(place: Path) -> None:
    """The edges as rows of identifiers, and the SQL of the models that make customers of them."""
    columns = ("account", "identifier", "account_key", "identifier_key")
    made = pa.table({name: np.load(place / f"{name}.npy") for name in columns})
    (place / WAREHOUSE).unlink(missing_ok=True)
    with duckdb.connect(str(place / WAREHOUSE), config=SETTINGS) as connection:
        connection.execute("create schema intermediate")
        connection.register("made", made)
        connection.execute(IDENTIFIER_ROWS)
    chosen = ["--select", BEFORE, AFTER, MAPPED, "--target-path", f"{place}/target", "--log-path", f"{place}/target"]
    project = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    environment = os.environ | {"SIYU_WAREHOUSE": str(place / WAREHOUSE)}
    dbt = str(Path(sys.executable).with_name("dbt"))
    subprocess.run(
        [dbt, "--quiet", "compile", "--no-introspect", *chosen, *project],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


class Finished:
    """What a Python model asks of dbt."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def config(self, **_: object) -> None:
        """How it is materialised is said here."""

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        return self.connection.table(f"intermediate.{name}")


def whole(place: Path) -> int:
    """The customers of all identifiers: edges judged, clustered, and every row of an identifier given its customer."""
    compiled = {file.stem: file.read_text() for file in (place / "target" / "compiled").rglob("*.sql")}
    with duckdb.connect(str(place / WAREHOUSE), config=SETTINGS) as connection:
        connection.execute(f"create or replace table intermediate.{BEFORE} as {compiled[BEFORE]}")
        clustered = runpy.run_path(str(MODEL))["model"](Finished(connection), connection)
        connection.register("clustered", clustered)
        connection.execute(f"create or replace table intermediate.{MODEL.stem} as from clustered")
        connection.execute(f"create or replace table intermediate.{AFTER} as {compiled[AFTER]}")
        [count] = connection.execute(f"select count(distinct customer_key) from ({compiled[MAPPED]})").fetchone() or [0]
    return int(count)


def ours(place: Path) -> int:
    clusters = runpy.run_path(str(MODEL))["clusters"]
    account, cluster = clusters(np.load(place / "account_key.npy"), np.load(place / "identifier_key.npy"))
    return int((account == cluster).sum())


def theirs(place: Path, people: int) -> int:
    account, identifier = np.load(place / "account.npy"), np.load(place / "identifier.npy")
    size = people * (ACCOUNTS + IDENTIFIERS)
    edges = (np.ones(len(account), np.int8), (account, identifier + people * ACCOUNTS))
    count, _ = connected_components(coo_array(edges, shape=(size, size)), directed=False)
    return int(count) - people  # the identifiers that nobody shares are clusters of their own here


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--people", type=int, default=4_000_000)
    given = options.parse_args()
    with workplace(given) as place:
        tell(f"making {given.people * 5:,} accounts and identifiers with {given.people * 3:,} edges")
        make(place, given.people)
        make_warehouse(place)
        counts = {
            OURS: f"ours(Path({str(place)!r}))",
            THEIRS: f"theirs(Path({str(place)!r}), {given.people})",
            WHOLE: f"whole(Path({str(place)!r}))",
        }
        script = "from benchmarks.identity import *; assert {} == {}"
        works = [
            Work(name, [sys.executable, "-c", script.format(count, given.people)]) for name, count in counts.items()
        ]
        runs = measure(works, given.repetitions)
        title = f"Clusters of {given.people * 5:,} accounts and identifiers with {given.people * 3:,} edges"
        targets = [Target(OURS, THEIRS, TIMES_SCIPY), Target(OURS, THEIRS, of="memory")]
        print(report(title, runs, [*targets, Target(WHOLE, THEIRS), Target(WHOLE, THEIRS, of="memory")]))


if __name__ == "__main__":
    main()

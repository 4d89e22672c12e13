"""Who is one person, at size: `python -m benchmarks.identity [--people 4000000]`.

Five identifiers and accounts and three edges a person: 20 million and 12 million unless told. Belongs here: the edges,
the product's function on keys as they stand in the warehouse, scipy's on the same edges as ready arrays. Does not:
time (`measure.py`).

Both read their edges from a file, count their clusters and say how many; other numbers of clusters end the benchmark.
"""

import runpy
import sys
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.measure import Target, Work, measure, parser, report, tell, workplace
from orchestration.settings import DBT_PROJECT

OURS, THEIRS = "clusters of keys", "scipy on ready arrays"
MODEL = DBT_PROJECT / "models" / "intermediate" / "identity" / "int_accounts_clustered.py"
ACCOUNTS, IDENTIFIERS = 2, 3  # of a person; two of the identifiers are edges, of which one is shared
TIMES_SCIPY = 6


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
        counts = {OURS: f"ours(Path({str(place)!r}))", THEIRS: f"theirs(Path({str(place)!r}), {given.people})"}
        script = "from benchmarks.identity import *; assert {} == {}"
        works = [
            Work(name, [sys.executable, "-c", script.format(count, given.people)]) for name, count in counts.items()
        ]
        runs = measure(works, given.repetitions)
        title = f"Clusters of {given.people * 5:,} accounts and identifiers with {given.people * 3:,} edges"
        print(report(title, runs, [Target(OURS, THEIRS, TIMES_SCIPY), Target(OURS, THEIRS, of="memory")]))


if __name__ == "__main__":
    main()

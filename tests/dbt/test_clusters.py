"""Accounts that share identifiers are clusters, named after their least account, whatever the order of the edges.

Belongs here: the function of the model on small graphs. Does not: which edges are admitted (dbt unit tests), and size
(`benchmarks/identity.py`).
"""

import runpy
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

MODEL = Path(__file__).resolve().parents[2] / "dbt_project/models/intermediate/identity/int_accounts_clustered.py"
clusters = runpy.run_path(str(MODEL))["clusters"]
Edges = list[tuple[int, int]]  # account, identifier


def clustered(edges: Edges) -> dict[int, int]:
    accounts, identifiers = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    keys, least = clusters(accounts, identifiers)
    return dict(zip(keys.tolist(), least.tolist(), strict=True))


def by_hand(edges: Edges) -> dict[int, int]:
    """Whoever shares with others takes the least name among them, until nothing changes."""
    names = {account: account for account, _ in edges}
    for _ in names:
        for _, shared in edges:
            holders = [account for account, identifier in edges if identifier == shared]
            names |= dict.fromkeys(holders, min(names[account] for account in holders))
    sharing = {a for a, i in edges for b, j in edges if i == j and a != b}
    return {account: name for account, name in names.items() if account in sharing}


def test_accounts_are_connected_over_others_and_who_shares_nothing_is_in_no_cluster() -> None:
    edges = [(50, 1), (40, 1), (40, 2), (9, 2), (7, 3), (8, 4), (-3, 4)]
    assert clustered(edges) == {50: 9, 40: 9, 9: 9, 8: -3, -3: -3}
    assert clustered([]) == {}


def test_a_chain_of_many_is_one_cluster() -> None:
    links = [(account, account + end) for account in range(100_000) for end in (0, 1)]
    assert set(clustered(links).values()) == {0}


@given(st.sets(st.tuples(st.integers(-4, 4), st.integers(0, 5)), max_size=14).map(sorted), st.randoms())
def test_any_graph_in_any_order_is_clustered_as_by_hand(edges: Edges, chance) -> None:
    expected = by_hand(edges)
    chance.shuffle(edges)
    assert clustered(edges) == expected

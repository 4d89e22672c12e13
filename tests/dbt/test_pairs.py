"""Pairs of products are counted in customers, whatever the order of the rows.

Belongs here: the function of the model on small baskets. Does not: which products and
pairs are frequent (dbt unit tests).
"""

import runpy
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

MODEL = Path(__file__).resolve().parents[2] / "dbt_project/models/marts/orders/product_pairs.py"
pairs = runpy.run_path(str(MODEL))["pairs"]
Rows = list[tuple[int, int]]  # customer, product


def counted(rows: Rows) -> dict[tuple[int, int], int]:
    customers, products = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    found = zip(*(column.tolist() for column in pairs(customers, products)), strict=True)
    return {(product, other): count for product, other, count in found}


def by_hand(rows: Rows) -> dict[tuple[int, int], int]:
    counts: dict[tuple[int, int], int] = {}
    for customer in {customer for customer, _ in rows}:
        for pair in combinations(sorted(product for buyer, product in rows if buyer == customer), 2):
            counts[pair] = counts.get(pair, 0) + 1
    return counts


def test_pairs_are_counted_in_customers() -> None:
    assert counted([(50, 2), (-7, 1), (50, 1), (-7, 2), (-7, 3), (9, 1)]) == {(1, 2): 2, (1, 3): 1, (2, 3): 1}
    assert counted([(1, 1), (2, 2)]) == {}
    assert counted([]) == {}


@given(st.sets(st.tuples(st.integers(-4, 4), st.integers(1, 6)), max_size=25), st.sampled_from([1, 1000]), st.randoms())
def test_any_baskets_in_any_order_are_counted_as_by_hand(
    bought: set[tuple[int, int]], products_between: int, chance: Random
) -> None:
    """Few products, of which everybody buys many, are counted in another way than many."""
    rows = sorted((customer, product * products_between) for customer, product in bought)
    expected = by_hand(rows)
    chance.shuffle(rows)
    assert counted(rows) == expected


def test_more_customers_than_are_counted_at_once() -> None:
    assert counted([(customer, product) for customer in range(20_000) for product in (0, 1)]) == {(0, 1): 20_000}

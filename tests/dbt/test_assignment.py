"""Arms are drawn fairly: evenly, by each experiment anew, and a campaign without effect seldom shows one (A/A test)."""

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import duckdb
import jinja2
import numpy as np
import pytest
from scipy import stats

from tests.dbt.test_campaign_lift import lift_model

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros"
PEOPLE, EXPERIMENTS, HOLDOUT = 20_000, 400, 0.1
SURE = 0.001  # of being unfair: draws are the same in every run, so this is no chance of failing


@pytest.fixture(scope="module")
def draws():
    """The draw of every person in every experiment, by the macro of the audiences: experiments are rows."""
    sql = f"""
        select {_draw_sql()} as draw from range({EXPERIMENTS}) as e (id) cross join range({PEOPLE}) as p (id)
        order by e.id, p.id
    """
    return duckdb.sql(sql).fetchnumpy()["draw"].reshape(EXPERIMENTS, PEOPLE)


def _draw_sql() -> str:
    """As dbt renders it: keys of customers are as wide as those of the marts."""
    macros: dict[str, object] = {}
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    adapter = SimpleNamespace(dispatch=lambda name: macros[f"duckdb__{name}"])
    for name in ("dialect.sql", "arms.sql"):
        template = environment.from_string((MACROS / name).read_text())
        macros |= template.make_module({"adapter": adapter, "var": lambda name: "siyu", **macros}).__dict__
    return macros["arm_draw"]("'campaign ' || e.id", "p.id * 57646075230341").strip()


def test_draws_are_spread_evenly(draws):
    """In every experiment, over a hundred parts; of many fair draws p is even too."""
    parts = [np.bincount(row // 10_000, minlength=100) for row in draws]
    p_values = [stats.chisquare(part).pvalue for part in parts]
    assert all(len(part) == 100 for part in parts)
    assert stats.kstest(p_values, "uniform").pvalue > SURE


def test_the_control_group_has_the_size_it_was_planned_with(draws):
    sizes = (draws < HOLDOUT * 1_000_000).sum(axis=1)
    p_values = [stats.binomtest(int(size), PEOPLE, HOLDOUT).pvalue for size in sizes]
    assert stats.binomtest(int(sizes.sum()), PEOPLE * EXPERIMENTS, HOLDOUT).pvalue > SURE
    assert min(p_values) > SURE / EXPERIMENTS


def test_who_is_held_out_of_one_campaign_says_nothing_of_the_next(draws):
    is_control = draws < HOLDOUT * 1_000_000
    both = [stats.chi2_contingency(_crossed(*pair), correction=False).pvalue for pair in pairwise(is_control)]
    assert stats.kstest(both, "uniform").pvalue > SURE
    assert np.abs(np.corrcoef(draws[:50])[~np.eye(50, dtype=bool)]).max() < 5 / np.sqrt(PEOPLE)


def _crossed(one, other):
    return np.bincount(2 * one.astype(int) + other, minlength=4).reshape(2, 2)


def test_without_an_effect_the_interval_holds_zero_in_95_of_100_campaigns(draws):
    """The same people buy, or do not, whichever group they are drawn into."""
    random = np.random.default_rng(7)
    compared = []
    for row in draws:
        amounts = np.where(random.random(PEOPLE) < 0.05, random.gamma(2, 60, PEOPLE).round(2), 0)
        is_control = row < HOLDOUT * 1_000_000
        compared.append(lift_model().compare(_group(amounts[~is_control]), _group(amounts[is_control]), is_open=False))
    for measure in ("responded_lift", "net_amount_lift"):
        covered = [seen[f"{measure}_low"] <= 0 <= seen[f"{measure}_high"] for seen in compared]
        assert stats.binomtest(sum(covered), EXPERIMENTS, 0.95).pvalue > 0.01, (measure, sum(covered))
    found = [seen["conclusion"] for seen in compared]
    assert 0.02 < 1 - found.count("not_conclusive") / EXPERIMENTS < 0.08


def test_an_effect_as_large_as_planned_for_is_mostly_found(draws):
    random = np.random.default_rng(8)
    found = 0
    for row in draws[:200]:
        is_control = row < HOLDOUT * 1_000_000
        amounts = np.where(random.random(PEOPLE) < np.where(is_control, 0.05, 0.067), 100.0, 0)
        seen = lift_model().compare(_group(amounts[~is_control]), _group(amounts[is_control]), is_open=False)
        found += seen["conclusion"] == "treatment_better"
    assert found > 160


def _group(amounts):
    return {
        "customer_count": len(amounts),
        "responded_count": int((amounts > 0).sum()),
        "net_amount": amounts.sum(),
        "squared_net_amount": (amounts**2).sum(),
    }

"""Treatment against control as the model computes it, on groups made by hand."""

import importlib.util
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
import yaml
from scipy import stats

MODEL = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "outputs" / "kpis" / "kpi__campaign_lift.py"


@cache
def lift_model():
    """The model's file as a module: dbt runs it, nothing imports it."""
    spec = importlib.util.spec_from_file_location("kpi__campaign_lift", MODEL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lift():
    return lift_model()


def group(customers, responded, amounts=()):
    return {
        "customer_count": customers,
        "responded_count": responded,
        "net_amount": sum(amounts),
        "squared_net_amount": sum(amount**2 for amount in amounts),
        "is_open": False,
        "missing_feeds": None,
    }


def test_the_interval_is_newcombes(lift):
    """56 of 70 against 48 of 80: Newcombe (1998), method 10, gives 0.0524 to 0.3339."""
    seen = lift.compare(group(70, 56), group(80, 48), is_open=False)
    assert seen["responded_lift"] == pytest.approx(0.2)
    assert (seen["responded_lift_low"], seen["responded_lift_high"]) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert seen["responded_relative_lift"] == pytest.approx(0.2 / 0.6)
    assert (seen["conclusion"], seen["not_conclusive_reason"]) == ("treatment_better", None)


def test_amounts_are_compared_as_welch_does(lift):
    """Ten customers each, 10 … 28 yuan against 5 … 14: lift 9.5 ± t(13.2 degrees) × √(36.67 + 9.17) / √10."""
    treated, held_out = [10 + 2 * i for i in range(10)], [5 + i for i in range(10)]
    low, high, p_value = lift.amount_lift(group(10, 10, treated), group(10, 10, held_out))
    assert (low, high) == pytest.approx((4.883, 14.117), abs=5e-4)
    assert p_value == pytest.approx(stats.ttest_ind(treated, held_out, equal_var=False).pvalue)


@pytest.mark.parametrize(
    ("treatment", "control", "is_open", "told"),
    [
        ((1000, 40), (1000, 80), False, ("treatment_worse", None)),
        ((1000, 60), (1000, 55), False, ("not_conclusive", "interval_holds_zero")),
        ((1000, 80), (1000, 40), True, ("not_conclusive", "window_open")),
        ((0, 0), (1000, 40), False, ("not_conclusive", "treatment_group_empty")),
        ((1000, 40), (0, 0), False, ("not_conclusive", "control_group_empty")),
        ((3, 3), (1, 0), False, ("not_conclusive", "groups_too_small")),
        ((900, 0), (100, 0), False, ("not_conclusive", "groups_too_small")),
        ((100, 100), (100, 100), False, ("not_conclusive", "groups_too_small")),
    ],
)
def test_the_conclusion_says_why_there_is_none(lift, treatment, control, is_open, told):
    seen = lift.compare(group(*treatment), group(*control), is_open)
    assert (seen["conclusion"], seen["not_conclusive_reason"]) == told


def test_what_cannot_be_computed_is_null(lift):
    empty = lift.compare(group(0, 0), group(0, 0), is_open=False)
    assert {
        empty[name] for name in ("responded_lift", "responded_lift_low", "net_amount_lift", "net_amount_p_value")
    } == {None}
    equal = lift.compare(group(100, 50), group(100, 50), is_open=False)
    assert equal["net_amount_not_conclusive_reason"] == "nothing_varies"


def test_each_variant_meets_its_own_control_group(lift):
    named = {"campaign_id": "c", "tier": "all", "window_days": 7, "as_of_date": None}
    arms = [
        {**named, "variant": variant, "arm": arm, **group(*counts)}
        for variant, arm, counts in (
            ("A", "treatment", (500, 90)), ("A", "control", (500, 50)),
            ("B", "treatment", (500, 90)), ("B", "control", (500, 80)),
            ("C", "treatment", (500, 90)), ("D", "control", (500, 50)),
        )
    ]  # fmt: skip
    assert {row["variant"]: (row["conclusion"], row["not_conclusive_reason"]) for row in lift.lifts(arms)} == {
        "A": ("treatment_better", None),
        "B": ("not_conclusive", "interval_holds_zero"),
        "C": ("not_conclusive", "control_group_empty"),
        "D": ("not_conclusive", "treatment_group_empty"),
    }


def test_the_programme_is_compared_with_the_universal_holdout_as_a_campaign_is_with_its_own(lift):
    """900 of 9,000 against 70 of 1,000 differ by 3 points: Newcombe gives 1.15 to 4.56."""
    named = {"tier": "all", "variant": "all", "window_days": 7, "as_of_date": None}
    programme, campaign, held_out = ({**named, "campaign_id": one} for one in ("*", "c", "*"))
    rows = list(
        lift.lifts(
            [
                {**programme, "arm": "treatment", **group(9000, 900)},
                {**held_out, "arm": "control", **group(1000, 70)},
                {**campaign, "arm": "treatment", **group(450, 45)},
                {**campaign, "arm": "control", **group(50, 4)},
            ]
        )
    )
    assert [(row["campaign_id"], row["conclusion"]) for row in rows] == [
        ("*", "treatment_better"),
        ("c", "not_conclusive"),
    ]
    found = (rows[0]["responded_lift"], rows[0]["responded_lift_low"], rows[0]["responded_lift_high"])
    assert found == pytest.approx((0.03, 0.01148, 0.04558), abs=5e-5)


def test_one_open_group_leaves_the_comparison_open(lift):
    named = {"campaign_id": "c", "tier": "all", "variant": "all", "window_days": 7, "as_of_date": None}
    [row] = lift.lifts([
        {**named, "arm": "treatment", **group(500, 90), "is_open": True}, {**named, "arm": "control", **group(500, 50)}
    ])  # fmt: skip
    assert (row["is_open"], row["conclusion"], row["not_conclusive_reason"]) == (True, "not_conclusive", "window_open")
    assert row["responded_lift_low"] > 0


def test_groups_that_no_orders_are_told_of_are_not_compared(lift):
    nobody_told = {name: None for name in ("responded_count", "net_amount", "squared_net_amount")}
    untold = {**group(0, 0), **nobody_told, "missing_feeds": "orders"}
    seen = lift.compare(untold, untold, is_open=False)
    assert (seen["conclusion"], seen["not_conclusive_reason"]) == ("not_conclusive", "no_orders_told")
    assert seen["net_amount_not_conclusive_reason"] == "no_orders_told"
    assert (seen["treatment_responded_count"], seen["responded_lift"], seen["net_amount_lift"]) == (None, None, None)


def test_the_table_has_the_columns_that_are_described_and_their_types(lift):
    described = yaml.safe_load(MODEL.with_suffix(".yml").read_text())["models"][0]["columns"]
    arms = duckdb.sql("""
        select 'c' as campaign_id, 'all' as tier, 'all' as variant, arm, cast(7 as bigint) as window_days,
            date '2026-03-10' as as_of_date, false as is_open, cast(500 as bigint) as customer_count,
            cast(count as bigint) as responded_count, cast(count * 10 as decimal(18, 2)) as net_amount,
            cast(count * 100 as decimal(38, 4)) as squared_net_amount, null as missing_feeds
        from (values ('treatment', 90), ('control', 50)) as arms (arm, count)
    """)
    lifts = lift.model(SimpleNamespace(config=lambda **_: None, ref=lambda _: arms), None)
    found = duckdb.sql("describe select * from lifts").fetchall()
    assert [(name, kind.lower()) for name, kind, *_ in found] == [(c["name"], c["data_type"]) for c in described]
    [row] = lifts.to_pylist()
    assert (row["conclusion"], row["net_amount_lift"]) == ("treatment_better", pytest.approx(0.8))

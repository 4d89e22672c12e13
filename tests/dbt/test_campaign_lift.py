"""Treatment against control as the model computes it, on groups made by hand."""

import importlib.util
from pathlib import Path

import pytest
from scipy import stats

MODEL = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "outputs" / "kpis" / "kpi__campaign_lift.py"


@pytest.fixture(scope="module")
def lift():
    spec = importlib.util.spec_from_file_location("kpi__campaign_lift", MODEL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def group(customers, responded, amounts=()):
    return {
        "customer_count": customers,
        "responded_count": responded,
        "net_amount": sum(amounts),
        "squared_net_amount": sum(amount**2 for amount in amounts),
        "is_open": False,
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


def test_each_variant_meets_the_same_control_group(lift):
    arms = [
        {"campaign_id": "c", "tier": "all", "window_days": 7, "as_of_date": None, "arm": arm, **group(*counts)}
        for arm, counts in (("a", (500, 90)), ("b", (500, 45)), ("control", (500, 50)))
    ]
    alone = {**arms[0], "campaign_id": "alone"}
    held_out = {**arms[2], "campaign_id": "held_out"}
    seen = {(row["campaign_id"], row["variant"]): row for row in lift.lifts([*arms, alone, held_out])}
    assert {key: row["conclusion"] for key, row in seen.items()} == {
        ("c", "a"): "treatment_better",
        ("c", "b"): "not_conclusive",
        ("alone", "a"): "not_conclusive",
        ("held_out", "treatment"): "not_conclusive",
    }
    assert seen["alone", "a"]["not_conclusive_reason"] == "control_group_empty"
    assert seen["held_out", "treatment"]["treatment_count"] == 0

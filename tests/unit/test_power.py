"""The smallest lift a campaign can see, against statsmodels' own power and against campaigns made up with that lift."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from orchestration.power import smallest_lift


def test_the_lift_is_found_with_the_power_that_was_asked_for():
    lift = smallest_lift(9_000, 1_000, base_rate=0.05)
    effect = proportion_effectsize(0.05 + lift, 0.05)
    assert NormalIndPower().power(effect, nobs1=1_000, ratio=9, alpha=0.05) == pytest.approx(0.8, abs=1e-4)
    assert 0.02 < lift < 0.03


def test_four_of_five_campaigns_with_that_lift_show_it():
    lift = smallest_lift(9_000, 1_000, base_rate=0.05)
    random = np.random.default_rng(20261122)
    treated, held_out = random.binomial(9_000, 0.05 + lift, 4_000), random.binomial(1_000, 0.05, 4_000)
    pooled = (treated + held_out) / 10_000
    error = np.sqrt(pooled * (1 - pooled) * (1 / 9_000 + 1 / 1_000))
    found = np.abs(treated / 9_000 - held_out / 1_000) / error > stats.norm.ppf(0.975)
    assert found.mean() == pytest.approx(0.8, abs=0.03)


def test_larger_groups_see_smaller_lifts():
    lifts = [smallest_lift(9 * control, control, base_rate=0.05) for control in (100, 1_000, 10_000)]
    assert lifts == sorted(lifts, reverse=True)
    assert lifts[-1] < 0.01


@pytest.mark.parametrize(("treatment", "control", "base"), [(0, 10, 0.05), (10, 0, 0.05), (2, 1, 0.9), (9, 1, 1)])
def test_where_no_lift_could_be_found_there_is_none(treatment, control, base):
    assert smallest_lift(treatment, control, base) is None


def test_a_rate_in_percent_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1, not 5"):
        smallest_lift(100, 100, 5)

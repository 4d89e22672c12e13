"""What a campaign can see before it is sent: the smallest lift that its groups are large enough for.

Belongs here: the power of comparing two response rates. Does not: what a campaign has shown (`kpi__campaign_lift`), or
a warehouse.
"""

from math import asin, pi, sin, sqrt

from scipy.special import ndtri  # a preview is to answer at once: statsmodels alone takes seconds to import


def smallest_lift(
    treatment_count: int, control_count: int, base_rate: float, power: float = 0.8, alpha: float = 0.05
) -> float | None:
    """The smallest difference of response rates that is found with probability `power`.

    treatment_count, control_count: people of the two groups (not messages).
    base_rate: share of the control group that is expected to buy in the response window, 0 to 1.
    power: probability of finding the lift if it is there, 0 to 1. alpha: of finding one that is not, two-sided, 0 to 1.

    Returns the lift in absolute terms, as a share of people: 0.02 at a base of 0.05 means that a treatment group
    responding with 7 % is found, a relative lift of 40 %. None where no lift could be found: a group is empty, or even
    100 % would be too little.
    """
    if not 0 <= base_rate <= 1:
        raise ValueError(f"The base rate is a share between 0 and 1, not {base_rate}.")
    if min(treatment_count, control_count) < 1:
        return None
    # Cohen's effect is a distance of angles: it asks more of rates near one half than of rare ones.
    effect = float(ndtri(1 - alpha / 2) + ndtri(power)) * sqrt(1 / treatment_count + 1 / control_count)
    angle = asin(sqrt(base_rate)) + effect / 2
    return sin(angle) ** 2 - base_rate if angle < pi / 2 else None

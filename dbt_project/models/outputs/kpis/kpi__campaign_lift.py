# One row per campaign (`*`: the programme), tier or variant (or `all`) and window: treatment against the control group.
# Trap: a lift whose interval holds zero is not conclusive, nor is that of an open window or of groups too small.
import math

import pyarrow as pa
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep

ALPHA = 0.05
LEAST_EXPECTED = 5  # responders and others that either group must expect, for its share to be near enough to normal
KEY = ("campaign_id", "tier", "variant", "window_days", "as_of_date")
NO_INTERVAL = (None, None, None)
SCHEMA = pa.schema([
    *[pa.field(name, pa.string(), nullable=False) for name in ("campaign_id", "tier", "variant")],
    ("window_days", pa.int64()),
    ("as_of_date", pa.date32()),
    ("is_open", pa.bool_()),
    *[(name, pa.int64()) for name in ("treatment_count", "control_count")],
    *[(name, pa.int64()) for name in ("treatment_responded_count", "control_responded_count")],
    *[(name, pa.float64()) for name in ("treatment_responded_ratio", "control_responded_ratio")],
    *[(name, pa.float64()) for name in ("responded_lift", "responded_lift_low", "responded_lift_high")],
    ("responded_p_value", pa.float64()),
    *[
        (name, pa.float64())
        for name in ("responded_relative_lift", "responded_relative_lift_low", "responded_relative_lift_high")
    ],
    ("conclusion", pa.string()),
    ("not_conclusive_reason", pa.string()),
    *[(name, pa.float64()) for name in ("treatment_net_amount_per_customer", "control_net_amount_per_customer")],
    *[(name, pa.float64()) for name in ("net_amount_lift", "net_amount_lift_low", "net_amount_lift_high")],
    ("net_amount_p_value", pa.float64()),
    ("net_amount_relative_lift", pa.float64()),
    ("net_amount_conclusion", pa.string()),
    ("net_amount_not_conclusive_reason", pa.string()),
])  # fmt: skip


def too_few(treatment, control):
    """Why no interval can be given for these groups; none if one can."""
    for group, name in ((treatment, "treatment"), (control, "control")):
        if not group["customer_count"]:
            return "no_orders_told" if group["missing_feeds"] else f"{name}_group_empty"
    responded, everybody = (treatment[n] + control[n] for n in ("responded_count", "customer_count"))
    rarer = min(responded, everybody - responded) / everybody
    smaller = min(treatment["customer_count"], control["customer_count"])
    return "groups_too_small" if smaller * rarer < LEAST_EXPECTED else None


def rate_lift(treatment, control):
    """(low, high, p) of the difference of response rates: Newcombe's interval, the score test."""
    counts = [group[name] for group in (treatment, control) for name in ("responded_count", "customer_count")]
    low, high = confint_proportions_2indep(*counts, compare="diff", method="newcomb", alpha=ALPHA)
    return float(low), float(high), float(test_proportions_2indep(*counts, compare="diff", method="score").pvalue)


def relative_rate_lift(treatment, control):
    """(low, high) of the ratio of response rates, less one; none where a group has no response."""
    if not (treatment["responded_count"] and control["responded_count"]):
        return None, None
    counts = [group[name] for group in (treatment, control) for name in ("responded_count", "customer_count")]
    low, high = confint_proportions_2indep(*counts, compare="ratio", method="log", alpha=ALPHA)
    return float(low) - 1, float(high) - 1


def variance_of_mean(group):
    count, total, squares = group["customer_count"], float(group["net_amount"]), float(group["squared_net_amount"])
    return max(squares - total * total / count, 0.0) / (count - 1) / count


def amount_lift(treatment, control):
    """(low, high, p) of the difference of net amounts per customer, by Welch; none where nothing varies."""
    parts = [variance_of_mean(group) for group in (treatment, control)]
    if not sum(parts):
        return NO_INTERVAL
    counts = [group["customer_count"] for group in (treatment, control)]
    freedom = sum(parts) ** 2 / sum(part**2 / (count - 1) for part, count in zip(parts, counts, strict=True))
    lift, error = difference(treatment, control, "net_amount"), math.sqrt(sum(parts))
    low, high = stats.t.interval(1 - ALPHA, freedom, loc=lift, scale=error)
    return float(low), float(high), float(2 * stats.t.sf(abs(lift) / error, freedom))


def per_customer(group, measure):
    return float(group[measure]) / group["customer_count"] if group["customer_count"] else None


def difference(treatment, control, measure):
    treated, held_out = per_customer(treatment, measure), per_customer(control, measure)
    return None if treated is None or held_out is None else treated - held_out


def relative(treatment, control, measure):
    lift, base = difference(treatment, control, measure), per_customer(control, measure)
    return None if lift is None or not base else lift / base


def conclude(low, high, reason):
    """The conclusion in words, and why there is none."""
    if reason is None and low is not None and low > 0:
        return "treatment_better", None
    if reason is None and high is not None and high < 0:
        return "treatment_worse", None
    return "not_conclusive", reason or ("interval_holds_zero" if low is not None else "nothing_varies")


def compare(treatment, control, is_open):
    """What the two groups of a campaign say of its effect, named as the columns are."""
    missing = too_few(treatment, control)
    low, high, p_value = NO_INTERVAL if missing else rate_lift(treatment, control)
    relative_low, relative_high = (None, None) if missing else relative_rate_lift(treatment, control)
    amount_low, amount_high, amount_p_value = NO_INTERVAL if missing else amount_lift(treatment, control)
    reason = "window_open" if is_open else missing
    conclusion, why_not = conclude(low, high, reason)
    amount_conclusion, amount_why_not = conclude(amount_low, amount_high, reason)
    return {
        "treatment_count": treatment["customer_count"],
        "control_count": control["customer_count"],
        "treatment_responded_count": treatment["responded_count"],
        "control_responded_count": control["responded_count"],
        "treatment_responded_ratio": per_customer(treatment, "responded_count"),
        "control_responded_ratio": per_customer(control, "responded_count"),
        "responded_lift": difference(treatment, control, "responded_count"),
        "responded_lift_low": low,
        "responded_lift_high": high,
        "responded_p_value": p_value,
        "responded_relative_lift": relative(treatment, control, "responded_count"),
        "responded_relative_lift_low": relative_low,
        "responded_relative_lift_high": relative_high,
        "conclusion": conclusion,
        "not_conclusive_reason": why_not,
        "treatment_net_amount_per_customer": per_customer(treatment, "net_amount"),
        "control_net_amount_per_customer": per_customer(control, "net_amount"),
        "net_amount_lift": difference(treatment, control, "net_amount"),
        "net_amount_lift_low": amount_low,
        "net_amount_lift_high": amount_high,
        "net_amount_p_value": amount_p_value,
        "net_amount_relative_lift": relative(treatment, control, "net_amount"),
        "net_amount_conclusion": amount_conclusion,
        "net_amount_not_conclusive_reason": amount_why_not,
    }


def lifts(arms):
    """Treatment against control in each campaign, tier and variant; a group that nobody is in is empty."""
    nobody = {"customer_count": 0, "responded_count": 0, "net_amount": 0, "squared_net_amount": 0}
    nobody |= {"is_open": False, "missing_feeds": None}
    groups = {}
    for arm in arms:
        groups.setdefault(tuple(arm[name] for name in KEY), {})[arm["arm"]] = arm
    for key, by_arm in sorted(groups.items()):
        treatment, control = by_arm.get("treatment", nobody), by_arm.get("control", nobody)
        is_open = treatment["is_open"] or control["is_open"]
        yield {**dict(zip(KEY, key, strict=True)), "is_open": is_open, **compare(treatment, control, is_open)}


def model(dbt, session):
    dbt.config(materialized="table")
    arms = dbt.ref("kpi__campaign_arms")
    rows = [dict(zip(arms.columns, row, strict=True)) for row in arms.fetchall()]
    return pa.Table.from_pylist(list(lifts(rows)), schema=SCHEMA)

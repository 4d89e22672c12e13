"""A metric that is asked for by name says what the KPI tables say."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from tests.bi.conftest import Metrics
from tests.conftest import Installation

SALES = (
    "order_count", "line_count", "quantity", "paid_amount", "refunded_amount", "net_amount", "refunded_order_count",
    "customer_paid_amount", "buyer_count", "new_buyer_count", "refunded_amount_ratio", "refunded_order_ratio",
    "told_paid_amount", "told_order_count",
)  # fmt: skip
WEEKS = (
    "refunded_amount", "told_paid_amount", "refunded_amount_ratio", "buyer_count", "new_buyer_ratio",
    "amount_per_order", "amount_per_buyer", "items_per_order",
)  # fmt: skip
MEMBERS = (
    "member_order_count", "member_buyer_count", "member_paid_amount", "member_net_amount", "member_buyer_ratio",
    "member_paid_amount_ratio",
)  # fmt: skip
FAST = (
    "fertility_count", "interested_count", "purchased_count", "loyal_count", "deepened_count", "deepening_base_count",
    "advancing_ratio", "superiority_count", "active_member_count", "thriving_ratio",
)  # fmt: skip
FAST_PLUS = ("private_domain_count", "private_domain_buyer_count", "high_value_member_count")
SHOP = ("order_line__platform", "order_line__shop_id")
MEMBER_SHOP = ("shop_day__platform", "shop_day__shop_id")

Ask = Callable[[Sequence[str], Sequence[str]], pd.DataFrame]


@pytest.fixture
def ask(project: Path, brand: Installation) -> Ask:
    return Metrics(project, brand.catalogue).ask


def _assert_equal(asked: pd.DataFrame, brand: Installation, keys: Mapping[str, str], table: str) -> None:
    """Row for row: `keys` says which column of the table is which of the answer."""
    metrics = [column for column in asked.columns if column not in keys.values()]
    told = [*(f"cast({key} as varchar)" for key in keys), *(f"cast({metric} as double)" for metric in metrics)]
    known = pd.DataFrame(brand.rows(f"select {', '.join(told)} from {table}"), columns=[*keys.values(), *metrics])
    day = next(name for name in keys.values() if name.startswith("metric_time"))
    asked[day] = asked[day].str[:10]
    asked, known = (rows.set_index(list(keys.values()))[metrics].astype(float).sort_index() for rows in (asked, known))
    assert len(known) > 1
    pd.testing.assert_frame_equal(asked, known, atol=0.0051)


def test_sales_by_day_and_shop(ask, brand):
    keys = {"business_date": "metric_time__day", "platform": SHOP[0], "shop_id": SHOP[1]}
    asked = ask(SALES, list(keys.values()))
    _assert_equal(asked, brand, keys, "outputs.kpi__sales_daily where line_count > 0")


def test_net_amount_by_the_time_of_refunds(ask, brand):
    days = "(select business_date, sum(net_amount_refund_time) as net_amount_refund_time from outputs.kpi__sales_daily"
    asked = ask(["net_amount_refund_time"], ["metric_time__day"])
    _assert_equal(asked, brand, {"business_date": "metric_time__day"}, f"{days} group by all)")


def test_weeks_divide_by_what_is_told_and_count_buyers_anew(ask, brand):
    weeks = "outputs.kpi__sales_periods where period_type = 'week' and scope = 'brand' and line_count > 0"
    _assert_equal(ask(WEEKS, ["metric_time__week"]), brand, {"period_start": "metric_time__week"}, weeks)


def test_sales_to_members(ask, brand):
    weeks = "outputs.kpi__member_periods where period_type = 'week' and scope = 'brand'"
    asked = ask(MEMBERS, ["metric_time__week"])
    _assert_equal(asked, brand, {"period_start": "metric_time__week"}, weeks)


def test_fast_by_day(ask, brand):
    asked = ask(FAST, ["metric_time__day"])
    _assert_equal(asked, brand, {"as_of_date": "metric_time__day"}, "outputs.kpi__fast_daily")


def test_the_private_domain_and_memberships_by_day(ask, brand):
    keys = {"business_date": "metric_time__day", "platform": MEMBER_SHOP[0], "shop_id": MEMBER_SHOP[1]}
    members = ask(["member_count", "joined_count", "left_count"], list(keys.values()))
    _assert_equal(members, brand, keys, "outputs.kpi__member_daily")
    asked = ask(FAST_PLUS, ["metric_time__day"])
    _assert_equal(asked, brand, {"as_of_date": "metric_time__day"}, "outputs.kpi__fast_plus_daily")


def test_a_stock_over_days_is_that_of_the_last(ask, brand):
    last = "max_by(superiority_count, as_of_date) as superiority_count"
    weeks = f"(select cast(date_trunc('week', as_of_date) as date) as week, {last} from outputs.kpi__fast_daily"
    asked = ask(["superiority_count"], ["metric_time__week"])
    _assert_equal(asked, brand, {"week": "metric_time__week"}, f"{weeks} group by all)")

"""Metrics asked for by name, over hand-computed tables: windows are never summed, the unknown divides nothing."""

import math
from pathlib import Path

import duckdb
import pytest

from tests.bi.conftest import Metrics

# Campaign a has two windows and a wave that counts its people once more; b began in the same month.
RESPONSE = """
    select scope, campaign_id, date '2026-03-01' + start as campaign_start_date, window_days::bigint as window_days,
        10::bigint as touched_count, delivered_count, 0::bigint as recalled_count, responded_count,
        responded_count as response_order_count, 0::bigint as redeemer_count, 5.00::decimal(18, 2) as total_cost_amount
    from (values ('campaign', 'a', 0, 7, 8, 2), ('campaign', 'a', 0, 30, 8, 4), ('wave', 'a', 0, 30, 8, 4),
        ('campaign', 'b', 9, 7, 2, 1), ('campaign', 'b', 9, 30, 2, 1)
    ) as t (scope, campaign_id, start, window_days, delivered_count, responded_count)"""
RECRUITMENT = """
    select scope, campaign_id, date '2026-03-01' + start as campaign_start_date, window_days::bigint as window_days,
        non_member_buyer_count, joined_buyer_count
    from (values ('campaign', 'a', 0, 7, 8, 2), ('campaign', 'a', 0, 30, 8, 4), ('wave', 'a', 0, 30, 8, 4),
        ('campaign', 'b', 9, 30, 2, 1)
    ) as t (scope, campaign_id, start, window_days, non_member_buyer_count, joined_buyer_count)"""
# Of who bought p2 before campaign a no orders tell, nor of who did so in campaign b.
PRODUCTS = """
    select campaign_id, 'douyin' as platform, product_id, 'member_priority' as template,
        date '2026-03-01' + start as start_date, new_buyer_count, new_buyer_count_before,
        new_buyer_count - new_buyer_count_before as added_new_buyer_count
    from (values ('a', 'p1', 0, 6, 3), ('a', 'p2', 0, 2, null), ('b', 'p1', 9, 1, 2), ('b', 'p2', 9, null, 10)
    ) as t (campaign_id, product_id, start, new_buyer_count, new_buyer_count_before)"""
# January is two months old, February one; the month after lasts on. Platforms are parts of the brand.
VALUES = """
    select make_date(2026, month, 1) as cohort_month, scope, platform, age::bigint as age_months, is_complete,
        customers as customer_count, case when is_complete then 1 end as active_buyer_count,
        case when is_complete then net::decimal(18, 2) end as net_amount
    from (values (1, 'brand', 'all', 0, true, 10, 100), (1, 'brand', 'all', 1, true, 10, 150),
        (1, 'brand', 'all', 2, false, 10, 170), (1, 'platform', 'douyin', 1, true, 10, 150),
        (2, 'brand', 'all', 0, true, 5, 80), (2, 'brand', 'all', 1, false, 5, 90)
    ) as t (month, scope, platform, age, is_complete, customers, net)"""
REPURCHASES = """
    select date '2026-01-01' as cohort_month, scope, platform, customer_group, window_days::bigint as window_days,
        observed_count, repurchase_count
    from (values ('brand', 'all', 'all', 30, 10, 2), ('brand', 'all', 'all', 90, 8, 4),
        ('brand', 'all', 'member', 30, 6, 2), ('platform', 'douyin', 'all', 30, 10, 2)
    ) as t (scope, platform, customer_group, window_days, observed_count, repurchase_count)"""

# Of Douyin refunds are told, and 10 of 100 came back; of the till they are not.
LINES = """
    select line as order_line_key, line as order_key, date '2026-03-01' as paid_date, platform, 'a' as shop_id,
        product_id, true as is_valid, paid::decimal(18, 2) as paid_amount, refunded::decimal(18, 2) as refunded_amount
    from (values (1, 'douyin', 'p1', 60, 10), (2, 'douyin', 'p2', 40, 0), (3, 'pos', 'p1', 20, 0),
        (4, 'pos', 'p3', 9, 0)
    ) as t (line, platform, product_id, paid, refunded)"""
DAYS = """
    select date '2026-03-01' as business_date, platform, 'a' as shop_id, refunded::decimal(18, 2) as refunded_amount
    from (values ('douyin', 10), ('pos', null)) as t (platform, refunded)"""


@pytest.fixture(scope="module")
def metrics(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    catalogue = tmp_path_factory.mktemp("tables") / "siyu.duckdb"
    tables = {
        "outputs.kpi__campaign_response": RESPONSE,
        "outputs.kpi__campaign_recruitment": RECRUITMENT,
        "outputs.kpi__campaign_products": PRODUCTS,
        "outputs.kpi__ltv_cohorts": VALUES,
        "outputs.kpi__repurchase_cohorts": REPURCHASES,
        "outputs.kpi__sales_daily": DAYS,
        "marts.order_lines": LINES,
    }
    with duckdb.connect(str(catalogue)) as connection:
        connection.execute("create schema outputs; create schema marts")
        for name, rows in tables.items():
            connection.execute(f"create table {name} as {rows}")
    return Metrics(project, catalogue)


def asked(metrics: Metrics, names: tuple[str, ...], by: str, where: str | None = None) -> list[list[float]]:
    answer = metrics.ask(names, [by], where).sort_values(by)
    return answer[list(names)].astype(float).to_numpy().tolist()


def test_a_campaign_is_told_by_its_longest_window_and_counts_once(metrics):
    names = ("delivered_count", "responded_count", "responded_ratio")
    assert asked(metrics, names, "campaign") == [[8, 4, 0.5], [2, 1, 0.5]]
    assert asked(metrics, names, "metric_time__month") == [[10, 5, 0.5]]
    week = "{{ Dimension('response__window_days') }} = 7"
    assert asked(metrics, names, "campaign", week) == [[8, 2, 0.25], [2, 1, 0.5]]


def test_recruits_of_a_campaign_are_told_by_its_longest_window_and_count_once(metrics):
    names = ("non_member_buyer_count", "joined_buyer_count", "joined_buyer_ratio")
    assert asked(metrics, names, "campaign") == [[8, 4, 0.5], [2, 1, 0.5]]
    week = "{{ Dimension('recruitment__window_days') }} = 7"
    assert asked(metrics, names, "campaign", week) == [[8, 2, 0.25]]


def test_new_buyers_of_a_campaigns_products_grow_by_those_whose_days_before_are_known(metrics):
    before = ("new_buyer_count_before", "added_new_buyer_count", "new_buyer_growth_ratio")
    names = ("product_new_buyer_count", *before)
    assert asked(metrics, names, "campaign") == [[8, 3, 3, 1], [1, 2, -1, -0.5]]
    assert asked(metrics, names[:1], "campaign_product__product_id") == [[7], [2]]


def test_a_cohort_is_told_by_its_oldest_complete_month(metrics):
    names = ("customer_count", "cohort_net_amount", "net_amount_per_customer")
    assert asked(metrics, names, "metric_time__month") == [[10, 150, 15], [5, 80, 16]]
    first = "{{ Dimension('cohort_age__age_months') }} = 0"
    assert asked(metrics, names, "metric_time__month", first) == [[10, 100, 10], [5, 80, 16]]


def test_repurchases_are_told_by_the_shortest_window_of_everybody(metrics):
    names = ("observed_count", "repurchase_count", "repurchase_ratio")
    assert asked(metrics, names, "metric_time__month") == [[10, 2, 0.2]]
    longer = "{{ Dimension('cohort_window__window_days') }} = 90"
    assert asked(metrics, names, "metric_time__month", longer) == [[8, 4, 0.5]]


def test_shares_of_refunds_divide_by_what_is_told_whatever_they_are_asked_by(metrics):
    names = ("refunded_amount", "told_paid_amount", "refunded_amount_ratio", "refunded_order_ratio")
    assert asked(metrics, names, "metric_time__day") == [[10, 100, 0.1, 0.5]]
    by_platform = asked(metrics, (*names, "paid_amount"), "order_line__platform")
    assert by_platform == [[10, 100, 0.1, 0.5, 100], [pytest.approx(math.nan, nan_ok=True)] * 4 + [29]]
    assert asked(metrics, names, "order_line__product_id") == [[10, 60, pytest.approx(1 / 6), 1], [0, 40, 0, 0]]

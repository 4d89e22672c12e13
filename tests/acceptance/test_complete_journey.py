"""A hundred real households in one delivery: campaigns, purchases and values equal the reference answers."""

import json
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.acceptance import complete_journey

AS_OF = pd.Timestamp("2018-01-01")
RFM_DAYS = 365


@pytest.fixture(scope="module")
def published(install):
    installation = install(SIYU_START_DATE="2017-01-01")
    complete_journey.deliver(installation.home / "inbox", str(AS_OF.date()))
    installation.siyu("run", "--day", str(AS_OF.date()))
    with duckdb.connect(str(installation.catalogue), read_only=True) as connection:
        yield connection


def test_every_campaign_equals_the_reference(published):
    reference = complete_journey.reference("campaign_response")
    found = published.execute("""
        select campaign_id, window_days, touched_count, redeemer_count, buyer_count
        from outputs.kpi__campaign_response
        where scope = 'campaign' and window_days in (7, 14)
        order by window_days, cast(campaign_id as integer)
    """).df()
    assert len(found) == len(reference) == 46
    np.testing.assert_array_equal(found.astype(int), reference)


def test_campaigns_whose_days_are_not_over_are_marked(published):
    open_windows = published.execute("""
        select campaign_id, window_days from outputs.kpi__campaign_response
        where is_open and scope = 'campaign' order by all
    """).fetchall()
    plan = complete_journey.reference("campaign_descriptions").set_index("campaign_id").start_date
    touched = set(complete_journey.reference("campaigns").campaign_id)
    assert open_windows == sorted(
        (str(campaign), days)
        for campaign, start in plan.items()
        for days in (7, 14, 30)
        if campaign in touched and pd.Timestamp(start) + pd.Timedelta(days=days) > AS_OF
    )


def test_without_a_control_group_there_is_no_lift_and_without_prices_no_roi(published):
    assert published.execute("select count(*) from outputs.kpi__campaign_lift").fetchall() == [(0,)]
    assert published.execute("select count(roi) from outputs.kpi__campaign_response").fetchall() == [(0,)]


def test_orders_equal_the_reference(published):
    """The reference counts baskets in which nothing was paid; for us they are orders, and none of them is valid."""
    reference = json.loads((complete_journey.DATA / "kpi.json").read_text())
    [(orders, free, customers, amount)] = published.execute("""
        select count(*), count(*) filter (not is_valid), count(distinct customer_key), sum(paid_amount)
        from marts.orders
    """).fetchall()
    assert (orders, customers) == (reference["orders"], reference["customers"]) == (6503, 100)
    assert amount == Decimal(str(round(reference["revenue"], 2)))
    assert free == (complete_journey.lines().groupby("basket_id").cents.sum() == 0).sum() == 33


def test_every_month_equals_the_reference(published):
    reference = complete_journey.reference("monthly").fillna(0)
    found = published.execute("""
        with orders as (
            select
                *,
                strftime(paid_date, '%Y-%m') as month,
                min(paid_at) over (partition by customer_key) as first_paid_at
            from marts.orders
        )
        select
            month,
            count(*),
            count(distinct customer_key),
            sum(paid_amount),
            count(*) filter (is_first_order),
            sum(case when is_first_order then paid_amount else 0 end),
            sum(case when strftime(first_paid_at, '%Y-%m') = month then paid_amount else 0 end)
        from orders group by month order by month
    """).fetchall()
    assert found == [
        (
            row.month,
            row.orders,
            row.customers,
            _yuan(row.revenue),
            row.first_orders,
            _yuan(row.rev_first_order),
            _yuan(row.rev_new_month_customers),
        )
        for row in reference.itertuples()
    ]


def test_repurchase_equals_the_reference(published):
    """Customers whose first day lies N days back, and those of them who came back on a later day within N days."""
    for row in complete_journey.reference("repurchase").itertuples():
        found = published.execute(
            """
            with days as (
                select customer_key, paid_date, min(paid_date) over (partition by customer_key) as first_date
                from marts.orders
            )
            select
                count(distinct customer_key),
                count(distinct customer_key)
                    filter (paid_date > first_date and paid_date <= first_date + $days)
            from days where first_date + $days <= $until
            """,
            {"days": row.window_days, "until": (AS_OF + pd.Timedelta(days=1)).date()},
        ).fetchall()
        assert found == [(row.cohort_observed, row.rep_newday_observed)], row.window_days


def test_every_household_equals_the_reference(published):
    """The reference reads all lines, free baskets too; what reproduces it then reads what our window reads."""
    reference = pd.read_parquet(complete_journey.DATA / "rfm.parquet").set_index("customer_id").sort_index()
    lines = complete_journey.lines()
    whole = _rfm(lines)
    for column in ("r", "f", "f_days", "r_cd", "f_cd", "m_cd"):
        np.testing.assert_array_equal(whole[column], reference[column], err_msg=column)
    assert [_yuan(m) for m in reference.m] == [Decimal(int(cents)) / 100 for cents in whole.cents]

    windowed = _rfm(lines[(lines.cents > 0) & (lines.day > AS_OF - pd.Timedelta(days=RFM_DAYS))])
    found = published.execute("""
        select
            accounts.account_id, recency_days + 1, order_count, purchase_day_count,
            r_score, f_score, m_score, net_amount
        from marts.customer_rfm_daily inner join marts.customer_accounts as accounts using (customer_key)
        order by account_id
    """).fetchall()
    expected = windowed[["r", "f", "f_days", "r_cd", "f_cd", "m_cd", "cents"]].itertuples()
    assert found == [(*household[:-1], Decimal(int(household.cents)) / 100) for household in expected]


def _rfm(lines):
    """r counts from the exclusive end; scores are ceil(5 × cume_dist)."""
    value = lines.assign(customer_id=lines.household_id.astype(str)).groupby("customer_id")
    table = pd.DataFrame({
        "r": (AS_OF + pd.Timedelta(days=1) - value.day.max()).dt.days,
        "f": value.basket_id.nunique(),
        "f_days": value.day.nunique(),
        "cents": value.cents.sum(),
    }).sort_index()  # fmt: skip
    ranked = {"r_cd": -table.r, "f_cd": table.f, "m_cd": table.cents}
    scores = {name: np.ceil(5 * value.rank(method="max") / len(table)).astype(int) for name, value in ranked.items()}
    return table.assign(**scores)


def _yuan(amount: float) -> Decimal:
    return Decimal(str(round(amount, 2))).quantize(Decimal("0.01"))

"""Our figures of the simulated brand beside the platforms' own: every gap is what the platforms count otherwise."""

import duckdb
import pytest

from tests.end_to_end.conftest import EVERYTHING, parquet


@pytest.fixture(scope="module")
def published(delivered):
    installation = delivered()
    installation.siyu(*EVERYTHING)
    return installation


@pytest.fixture(scope="module")
def connection(published):
    with duckdb.connect(str(published.catalogue), read_only=True) as connection:
        yield connection


def test_every_gap_in_money_and_orders_is_explained_to_the_cent(connection):
    unexplained = """select * from outputs.kpi__reconciliation_daily
        where unexplained_gap <> 0 and metric not like '%member%'"""
    assert connection.execute(unexplained).fetchall() == []
    found = "select metric, count(*) from outputs.kpi__reconciliation_daily where status = 'explained' group by metric"
    assert {"paid_amount", "order_count", "net_amount"} <= dict(connection.execute(found).fetchall()).keys()


def test_ours_is_null_only_with_its_reason(connection):
    missing = "select distinct missing_reason from outputs.kpi__reconciliation_daily where our_figure is null"
    assert {reason for (reason,) in connection.execute(missing).fetchall()} <= {
        "no orders are delivered through the day",
        "no refunds are delivered through the day",
        "no members of the shop are known",
        "no order names a buyer",
    }
    null = (
        "select count(*) from outputs.kpi__reconciliation_daily where our_figure is null and status <> 'not_comparable'"
    )
    assert connection.execute(null).fetchone() == (0,)


def test_ours_is_what_the_sales_say_and_theirs_is_the_truth(published, connection):
    """Theirs is everything that was paid for; ours is what the table of sales publishes."""
    ours = """select count(*) from outputs.kpi__reconciliation_daily
        left join outputs.kpi__sales_daily as sales using (platform, shop_id, business_date)
        where our_figure <> case metric when 'paid_amount' then coalesce(sales.paid_amount, 0)
            when 'net_amount' then coalesce(sales.net_amount, 0)
            when 'refunded_amount' then coalesce(sales.refunded_amount, 0)
            when 'refunded_amount_refund_time' then coalesce(sales.refunded_amount_refund_time, 0)
            when 'order_count' then coalesce(sales.order_count, 0) else our_figure end"""
    assert connection.execute(ours).fetchone() == (0,)
    theirs = f"""select count(*) from outputs.kpi__reconciliation_daily as told
        left join (
            select platform, shop_id, cast(paid_at as date) as business_date, sum(paid_amount) as paid_amount
            from {parquet(published.home, "order_lines")} group by all
        ) as truth using (platform, shop_id, business_date)
        where metric = 'paid_amount' and platform_figure <> coalesce(truth.paid_amount, 0)"""
    assert connection.execute(theirs).fetchone() == (0,)
    days = "select count(distinct (shop_id, business_date)) from outputs.kpi__reconciliation_daily"
    assert connection.execute(days).fetchone() == (3 * 60,)

"""A real shop's December in two steps: the marts equal the reference answers and an independent computation."""

import json
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.acceptance import online_retail

AS_OF = "2010-12-31"


@pytest.fixture(scope="module")
def sold(install):
    installation = install(SIYU_START_DATE="2010-12-01")
    online_retail.deliver_sales(installation.home / "inbox")
    installation.siyu("run", "--from", "2010-12-01", "--to", AS_OF)
    return installation


@pytest.fixture(scope="module")
def first_step(sold):
    """What was published after the sale lines alone."""
    with duckdb.connect(str(sold.catalogue), read_only=True) as connection:
        return {
            "orders": connection.execute("from marts.orders").df(),
            "rfm": _rfm(connection),
            "repurchase": connection.execute(
                "from outputs.kpi__repurchase_cohorts where scope = 'brand' and customer_group = 'all'"
            ).df(),
        }


@pytest.fixture(scope="module")
def refunded(sold, first_step):
    online_retail.deliver_cancellations(sold.home / "inbox")
    sold.siyu("run", "--from", "2010-12-01", "--to", AS_OF)
    return sold


def _rfm(connection):
    return connection.execute(f"""
        select rfm.*, accounts.account_id
        from marts.customer_rfm_daily as rfm
        inner join marts.customer_accounts as accounts using (customer_key)
        where as_of_date = '{AS_OF}' order by account_id
    """).df()


def test_sales_equal_the_reference(first_step):
    reference = json.loads((online_retail.DATA / "kpi.json").read_text())
    orders = first_step["orders"]
    known = orders[orders.customer_key.notna() & orders.is_valid]
    assert len(known) == reference["orders"] == 1400
    assert known.customer_key.nunique() == reference["customers"] == 885
    assert round(Decimal(str(known.paid_amount.sum())), 2) == Decimal("572713.89")


def test_every_customer_equals_the_reference(first_step):
    reference = pd.read_parquet(online_retail.DATA / "rfm.parquet").sort_values("customer_id")
    rfm = first_step["rfm"]
    assert rfm.account_id.tolist() == reference.customer_id.astype(str).tolist()
    expected = {
        "recency_days": reference.r - 1,  # the reference counts from an exclusive end date
        "order_count": reference.f,
        "purchase_day_count": reference.f_days,
        "r_score": reference.r_cd,
        "f_score": reference.f_cd,
        "m_score": reference.m_cd,
    }
    for column, values in expected.items():
        np.testing.assert_array_equal(rfm[column], values, err_msg=column)
    assert [Decimal(str(value)) for value in rfm.net_amount] == [Decimal(str(round(m, 2))) for m in reference.m]


def test_repurchase_of_observed_cohorts_equals_the_reference(first_step):
    """The reference ends at the exclusive 2011-01-01, which is the end of the last day asked for."""
    reference = pd.read_csv(online_retail.DATA / "repurchase.csv").set_index("window_days")
    cohorts = first_step["repurchase"].groupby("window_days").sum(numeric_only=True).loc[reference.index]
    assert cohorts.customer_count.tolist() == reference.cohort_all.tolist()
    assert cohorts.observed_count.tolist() == reference.cohort_observed.tolist() == [188, 0, 0, 0, 0]
    assert cohorts.repurchase_count.tolist() == reference.rep_newday_observed.tolist() == [73, 0, 0, 0, 0]
    observed = first_step["repurchase"].query("observed_count > 0")
    assert observed.repurchase_ratio.tolist() == [reference.rep_newday_rate_observed[30]]


def test_net_amounts_and_scores_after_refunds_equal_pandas(refunded):
    sales, cancelled = online_retail.sales(), online_retail.cancellations()
    sales = sales[sales.account_id != ""]
    taken_off = cancelled.dropna(subset="order_line_id").set_index("order_line_id").amount
    sales = sales.assign(net=sales.amount - sales.order_line_id.map(taken_off).fillna(Decimal(0)))
    orders = sales.groupby(["account_id", "InvoiceNo"]).agg(net=("net", "sum"), day=("at", "min")).reset_index()
    standing = orders[orders.net > 0].assign(day=lambda o: o.day.dt.normalize())
    customers = standing.groupby("account_id").agg(
        last_day=("day", "max"), order_count=("net", "size"), day_count=("day", "nunique"), net=("net", "sum")
    )
    refund_accounts = sales.set_index("order_line_id").account_id.reindex(taken_off.index)
    customers["refund_count"] = refund_accounts.value_counts().reindex(customers.index).fillna(0).astype(int)
    customers["recency"] = (pd.Timestamp(AS_OF) - customers.last_day).dt.days

    with duckdb.connect(str(refunded.catalogue), read_only=True) as connection:
        rfm = _rfm(connection).set_index("account_id")
        fully_refunded = connection.execute(
            "select order_id from marts.orders where customer_key is not null and is_fully_refunded order by 1"
        ).fetchall()

    assert rfm.index.tolist() == customers.index.tolist()
    assert [Decimal(str(value)) for value in rfm.net_amount] == customers.net.tolist()
    for column, values in [
        ("recency_days", customers.recency),
        ("order_count", customers.order_count),
        ("purchase_day_count", customers.day_count),
        ("refund_count", customers.refund_count),
        ("r_score", _score(-customers.recency)),
        ("f_score", _score(customers.order_count)),
        ("m_score", _score(customers.net.astype(float))),
    ]:
        np.testing.assert_array_equal(rfm[column], values, err_msg=column)
    assert [order for (order,) in fully_refunded] == sorted(orders[orders.net == 0].InvoiceNo)
    assert len(fully_refunded) > 0


def _score(values):
    """ceil(5 × cume_dist): the share of customers at or below."""
    return np.ceil(5 * values.rank(method="max") / len(values))


def test_refunds_of_unknown_lines_are_held_counted_and_not_subtracted(refunded):
    unknown = online_retail.cancellations().query("order_line_id.isna()")
    [(count, amount)] = refunded.rows("select count(*), sum(refund_amount) from marts.qc_refunds_pending")
    assert (count, amount) == (len(unknown), unknown.amount.sum())
    assert count > 0
    assert refunded.rows("select sum(counted_amount) from marts.refunds where pending_reason is not null") == [(0,)]
    assert "pending" in refunded.siyu("status")


def test_every_row_is_accounted_for(refunded):
    [(read, accounted, loaded)] = refunded.rows("""
        select
            sum(rows_read), sum(rows_loaded + rows_duplicate + rows_superseded + rows_quarantined), sum(rows_loaded)
        from audit.deliveries
    """)
    assert read == accounted == loaded == len(online_retail.sales()) + len(online_retail.cancellations())

"""A small warehouse and audit book, as a finished run leaves them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.audit import Audit, CheckResult, Delivery, QuarantinedRow

DAY = date(2024, 5, 6)

WAREHOUSE = """
create schema staging; create schema marts; create schema outputs;
create table staging.not_for_outsiders as select 1 as secret;
create table marts.customer_accounts as select * from (values
    ('douyin', '6001', '=cmd|calc', 'k1'), ('douyin', '6001', 'open-2', 'k2'), ('tmall', '88', '张三', 'k2'),
    ('douyin', '6001', 'open-3', 'k3'), ('douyin', '6001', 'open-4', 'k4')
) as t (platform, shop_id, account_id, customer_key);
create table marts.campaigns as select * from (values
    ('spring', 'new_members', date '2024-05-01', date '2024-05-31', 'sms', 0.10::decimal(9, 6), 7::bigint,
        '{"product_ids": "p1;p2"}'),
    ('派样', 'sample', date '2024-05-06', date '2024-05-06', 'sms', null, null, null)
) as t (campaign_id, template, start_date, end_date, channel, holdout_ratio, min_days, parameters);
create table outputs.audience_decisions as select * from (values
    ('spring', date '2024-05-06', 'k1', 'new_members', 'high', ' =1+1', null, 'treatment', 'p1', 1),
    ('spring', date '2024-05-06', 'k2', 'new_members', 'other', 'joined', null, 'treatment', 'p1', 1),
    ('spring', date '2024-05-06', 'k3', 'new_members', 'other', 'joined', null, 'control', 'p1', 1),
    ('spring', date '2024-05-06', 'k4', 'new_members', 'other', 'joined', 'opted_out', null, 'p1', 1)
) as t (campaign_id, as_of_date, customer_key, template, tier, reason, suppressed_reason, arm,
    recommended_product_id, priority);
create table outputs.kpi__sales_daily as select date '2024-05-06' as paid_date, 12.50::decimal(18, 2) as paid_amount;
comment on table outputs.kpi__sales_daily is 'One row per day; the shop''s 口径.';
comment on column outputs.kpi__sales_daily.paid_amount is 'GMV, 元';
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse" / "warehouse.duckdb"
    file.parent.mkdir()
    with duckdb.connect(str(file)) as connection:
        connection.execute(WAREHOUSE)
    return file


@pytest.fixture
def change(warehouse: Path) -> Callable[[str], None]:
    """Lets the next run of dbt leave something else."""

    def run(sql: str) -> None:
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(sql)

    return run


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    book = Audit(tmp_path / "audit" / "audit.sqlite")
    good = Delivery("douyin/orders/2024-05-06/a.csv", "douyin", "orders", DAY, "a<b>.csv", "h1", "l", 10, 7, 1, 0, 2, "loaded")
    bad = Delivery(
        "tmall/orders/2024-05-06/b.csv", "tmall", "orders", DAY, "b.csv", "h2", None, 0, 0, 0, 0, 0, "refused", "cut off"
    )
    rows = [QuarantinedRow("douyin", "orders", "h1", 4, "not a number", "paid_amount")]
    book.record_deliveries([good, bad], [*rows, QuarantinedRow("douyin", "orders", "h1", 9, "no key", None)])
    book.record_checks([check("content__key_is_never_null"), check("volume__some_rows_arrived", severity="warning", passed=False)])
    return book


def check(name: str, *, run: str = "r1", passed: bool = True, severity: str = "error") -> CheckResult:
    return CheckResult(run, DAY, "raw/douyin/orders", name, severity, passed, "3 of 10 rows", "none", 3)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return tmp_path / "published"


@pytest.fixture
def catalogue(published: Path) -> Path:
    return published / "siyu.duckdb"


def read(catalogue: Path, sql: str) -> list[tuple[object, ...]]:
    """What a new reader sees, whoever else of this process holds an older version."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{catalogue}' as siyu (read_only)")
        connection.execute("use siyu")
        return connection.execute(sql).fetchall()

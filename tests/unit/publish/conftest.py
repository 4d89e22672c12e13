"""A small warehouse and audit book, as a finished run leaves them."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import duckdb
import pytest

from orchestration.audit import Audit, Delivery, QuarantinedRow
from tests.unit.publish.fake_warehouse import DAY, WAREHOUSE, check


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse" / "finished.duckdb"
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
    good = Delivery(
        "douyin/orders/2024-05-06/a.csv", "douyin", "orders", DAY, "a<b>.csv", "h1", "l", 10, 7, 1, 0, 2, "loaded"
    )
    bad = Delivery(
        "tmall/orders/2024-05-06/b.csv",
        "tmall",
        "orders",
        DAY,
        "b.csv",
        "h2",
        None,
        0,
        0,
        0,
        0,
        0,
        "refused",
        "cut off",
    )
    rows = [QuarantinedRow("douyin", "orders", "h1", 4, "not a number", "paid_amount")]
    book.record_deliveries([good, bad], [*rows, QuarantinedRow("douyin", "orders", "h1", 9, "no key", None)])
    book.record_checks(
        [check("content__key_is_never_null"), check("volume__some_rows_arrived", severity="warning", passed=False)]
    )
    return book


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return tmp_path / "published"


@pytest.fixture
def catalogue(published: Path) -> Path:
    return published / "siyu.duckdb"


@contextmanager
def full_at(call: str, nth: int) -> Iterator[None]:
    """A disk that is full at the n-th flush or rename; where there are fewer of them, it never is."""
    real, calls = getattr(os, call), []

    def fail(*arguments: object) -> object:
        calls.append(call)
        if len(calls) == nth:
            raise OSError(28, "No space left on device")
        return real(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, call, fail)
        try:
            yield
        except OSError as error:
            assert len(calls) == nth and "No space" in str(error)
        else:
            assert len(calls) < nth


@pytest.fixture(
    params=[(call, nth) for call in ("fsync", "replace") for nth in (1, 2, 3, 4)], ids=lambda p: f"{p[0]}-{p[1]}"
)
def full_disk(request: pytest.FixtureRequest) -> Callable[[], AbstractContextManager[None]]:
    return partial(full_at, *request.param)

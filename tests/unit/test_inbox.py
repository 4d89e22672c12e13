"""The inbox: what is waited for, what is left alone, and what lies in the wrong place."""

import os
from datetime import date
from pathlib import Path

import pytest

from orchestration.inbox import is_ignored, is_unfinished, misplaced_files, settled_states, states

DATASETS = {("generic", "order_lines"), ("generic", "refunds"), ("douyin", "orders"), ("tmall", "orders")}
DAY = date(2024, 3, 2)
LONG_AGO = 1_700_000_000


def put(inbox: Path, path: str) -> None:
    file = inbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    os.utime(file, (LONG_AGO, LONG_AGO))


@pytest.mark.parametrize("name", [".DS_Store", "._orders.csv", "Thumbs.db", "desktop.ini", ".~lock.orders.csv#"])
def test_hidden_and_system_files_are_ignored_and_never_waited_for(tmp_path: Path, name: str) -> None:
    assert is_ignored(name)
    put(tmp_path, "generic/refunds/2024-03-02/r.csv")
    before = states(tmp_path)
    put(tmp_path, f"generic/refunds/2024-03-02/{name}")
    put(tmp_path, name)
    assert settled_states(tmp_path, LONG_AGO + 60, 30) == before
    assert misplaced_files(tmp_path, DATASETS) == []


@pytest.mark.parametrize(
    "name", ["~$orders.xlsx", "o.csv.part", "o.TMP", "o.crdownload", "o.csv~", "o.filepart", "shop.part/o.csv"]
)
def test_unfinished_files_are_waited_for(tmp_path: Path, name: str) -> None:
    assert any(map(is_unfinished, Path(name).parts))
    put(tmp_path, f"generic/refunds/2024-03-02/{name}")
    assert states(tmp_path).keys() == {DAY} and settled_states(tmp_path, LONG_AGO + 60, 30) == {}


def test_a_finished_file_is_neither_ignored_nor_waited_for(tmp_path: Path) -> None:
    put(tmp_path, "generic/refunds/2024-03-02/shop/~part 1.csv")
    put(tmp_path, "generic/refunds/2024-W09-6/r.csv")
    assert settled_states(tmp_path, LONG_AGO + 60, 30).keys() == {DAY}
    assert settled_states(tmp_path, LONG_AGO + 10, 30) == {}


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (
            "generic/order_line/2024-03-02/a.csv",
            "no dataset generic/order_line; did you mean generic/order_lines/2024-03-02/?",
        ),
        ("Generic/Orderlines/2024-3-2/a.csv", "did you mean generic/order_lines/2024-03-02/?"),
        ("order_lines/2024-03-02/a.csv", "did you mean generic/order_lines/2024-03-02/?"),
        ("generic/refunds/2024-3-2/a.csv", "no date folder; did you mean generic/refunds/2024-03-02/?"),
        ("generic/refunds/20240302/a.csv", "did you mean generic/refunds/2024-03-02/?"),
        ("generic/refunds/2024年3月2日/a.csv", "did you mean generic/refunds/2024-03-02/?"),
        ("generic/refunds/shop/2024-03-02/a.csv", "did you mean generic/refunds/2024-03-02/?"),
        ("generic/refunds/2024-13-41/a.csv", "did you mean generic/refunds/<YYYY-MM-DD>/?"),
        ("generic/refunds/a.csv", "did you mean generic/refunds/<YYYY-MM-DD>/?"),
        ("orders/2024-03-02/a.csv", "move it to <platform>/<dataset>/2024-03-02/. Datasets: douyin/orders, generic/"),
        ("抖音/订单/a.csv", "move it to <platform>/<dataset>/<YYYY-MM-DD>/."),
        ("a.csv", "it lies in no folder of a dataset"),
    ],
)
def test_a_misplaced_file_is_told_where_it_belongs(tmp_path: Path, path: str, says: str) -> None:
    put(tmp_path, path)
    ((found, remedy),) = misplaced_files(tmp_path, DATASETS)
    assert found == path and says in remedy


def test_a_name_that_is_no_text_can_be_printed(tmp_path: Path) -> None:
    put(tmp_path, os.fsdecode(b"generic/refund\xb6/2024-03-02/a.csv"))
    ((path, remedy),) = misplaced_files(tmp_path, DATASETS)
    assert f"{path} {remedy}".isprintable() and "did you mean generic/refunds/2024-03-02/?" in remedy


def test_well_placed_files_are_not_misplaced(tmp_path: Path) -> None:
    put(tmp_path, "douyin/orders/2024-03-02/a.csv")
    put(tmp_path, "douyin/orders/2024-03-02/shop/a.csv")
    assert misplaced_files(tmp_path, DATASETS) == [] == misplaced_files(tmp_path / "none", DATASETS)

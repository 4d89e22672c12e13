"""Which days can be replayed from which knowledge, and that a finished replay takes the place of the last."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from orchestration.audit import Audit, Delivery
from orchestration.replay import CannotReplayError, _install, _later_files, _put_back, _request, summary
from orchestration.transform.difference import Difference
from orchestration.transform.plan import Plan, derive_plan

FIRST, SECOND, THIRD = date(2024, 3, 1), date(2024, 3, 2), date(2024, 3, 3)


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    audit = Audit(tmp_path / "audit.sqlite")
    for day, name, content in [(FIRST, "a", "h1"), (THIRD, "b", "h2"), (THIRD, "c", "h1"), (THIRD, "d", "h2")]:
        path = f"generic/members/{day}/{name}.csv"
        audit.record_deliveries(
            [Delivery(path, "generic", "members", day, name, content, "l", 1, 1, 0, 0, 0, "loaded")], []
        )
    return audit


@pytest.fixture
def everything(audit: Audit, tmp_path: Path) -> Plan:
    return derive_plan(audit, tmp_path / "nowhere", "rules")


def test_a_later_delivery_is_named_by_its_first_file_and_a_copy_is_none(audit: Audit, everything: Plan) -> None:
    assert _later_files(audit, _request(everything, FIRST, SECOND)) == {"h2": "generic/members/2024-03-03/b.csv"}
    assert _later_files(audit, _request(everything, FIRST, THIRD)) == {}


@pytest.mark.parametrize(
    ("day", "known_on", "remark"),
    [
        (SECOND, SECOND, None),
        (SECOND, FIRST, "2024-03-02 was not over on 2024-03-01"),
        (SECOND, date(2024, 4, 1), "The last delivery is of 2024-03-03"),
    ],
)
def test_what_the_dates_mean_is_said(everything: Plan, day: date, known_on: date, remark: str | None) -> None:
    remarks = _request(everything, day, known_on).remarks
    assert [text[: len(remark)] for text in remarks] == [remark] if remark else remarks == ()


@pytest.mark.parametrize(
    ("day", "known_on", "reason"),
    [
        (FIRST, date(2024, 2, 1), "Nothing was known on 2024-02-01; the first delivery is of 2024-03-01."),
        (date(2024, 2, 1), FIRST, "There is nothing to replay of 2024-02-01; the first delivery is of 2024-03-01."),
    ],
)
def test_dates_before_the_first_delivery_are_refused(everything: Plan, day: date, known_on: date, reason: str) -> None:
    with pytest.raises(CannotReplayError, match=reason):
        _request(everything, day, known_on)


def test_nothing_delivered_is_nothing_to_replay(everything: Plan) -> None:
    with pytest.raises(CannotReplayError, match="Nothing has been delivered yet"):
        _request(replace(everything, deliveries=()), FIRST, FIRST)


def test_a_replay_takes_the_place_of_the_last_one_whole(tmp_path: Path) -> None:
    draft, folder = tmp_path / "result", tmp_path / "replays" / "day"
    for content in ("old", "new"):
        _draft(draft, content)
        _install(draft, folder)
        assert [file.name for file in folder.parent.rglob("*")] == ["day", content]


def test_what_a_killed_replay_had_put_aside_is_shown_again_unless_the_new_one_is(tmp_path: Path) -> None:
    _draft(tmp_path / ".replaced-first", "old")
    _draft(tmp_path / ".replaced-second", "old")
    _draft(tmp_path / "second", "new")
    _put_back(tmp_path)
    assert {str(file.relative_to(tmp_path)) for file in tmp_path.glob("*/*")} == {"first/old", "second/new"}


def _draft(folder: Path, content: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / content).touch()


@pytest.mark.parametrize(("count", "told"), [(12, "12"), (13, "13, of which the first 12")])
def test_how_many_figures_differ_is_told_also_where_not_all_are_shown(count: int, told: str) -> None:
    figure = {"table_name": "t", "key": "k", "known_then": "1", "known_now": "2", "difference": "1", "caused_by": ["f"]}
    metrics = pa.Table.from_pylist([{**figure, "metric": f"m{number:02}"} for number in range(count)])
    of_customers = [(name, pa.string()) for name in ("customer_key", "what", "known_then", "known_now")]
    customers = pa.schema([*of_customers, ("caused_by", pa.list_(pa.string()))]).empty_table()
    figures, of_lists, files = summary(Difference(metrics, customers)).items()
    assert (figures[0], len(figures[1][1])) == (f"Figures that differ: {told}", 12)
    assert (of_lists[1][1], files[1][1]) == ([], [("f", count, 0)])

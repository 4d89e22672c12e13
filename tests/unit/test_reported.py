"""Which published days other logic built, also after a run that failed, and why that cannot be told."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration import reported
from orchestration.reported import UnreadableCatalogueError, old_days, published
from orchestration.settings import Settings
from orchestration.status import overview

FIRST, LAST = date(2024, 3, 1), date(2024, 3, 2)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Two days by earlier logic, of a table that is and of one that is no more; no complete mark in its warehouse."""
    monkeypatch.setattr(reported, "logic_of_models", lambda *_: {"kpi": "new", "other": "new"})
    home = Settings(home=tmp_path)
    home.published.mkdir()
    execute(
        home,
        """create schema audit; create table audit.built_days as select * from (values
            ('kpi', date '2024-03-01', 'old'), ('kpi', date '2024-03-02', 'old'), ('kpi', date '2024-03-03', 'new'),
            ('other', date '2024-03-01', 'new'), ('gone', date '2024-03-01', 'old')
        ) as days (table_name, day, logic)""",
    )
    return home


def execute(home: Settings, sql: str) -> None:
    with duckdb.connect(str(home.catalogue)) as connection:
        connection.execute(sql)


def test_days_that_other_logic_built_are_told_from_what_is_published(home: Settings) -> None:
    assert [str(days) for days in old_days(home)] == [
        "kpi: 2 days (2024-03-01 to 2024-03-02) were built by logic old, today's is new"
    ]
    assert [str(days) for days in old_days(home, LAST, LAST)] == [
        "kpi: 2024-03-02 was built by logic old, today's is new"
    ]


def test_nothing_is_old_where_nothing_is_published(home: Settings) -> None:
    execute(home, "drop table audit.built_days")  # of a first run that failed
    assert old_days(home) == [] and published(home) == ([], [])
    home.catalogue.unlink()
    assert old_days(home) == [] and published(home) == ([], [])


@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_catalogue_that_cannot_be_read_is_told_with_what_to_do(home: Settings, is_damaged: bool) -> None:
    if is_damaged:
        home.catalogue.write_bytes(home.catalogue.read_bytes()[:100])
    else:
        execute(home, "alter table audit.built_days drop column logic")
    with pytest.raises(UnreadableCatalogueError, match=r"siyu.duckdb cannot be read \(.*Move it away and run any day"):
        old_days(home)
    [[told]] = overview(home)["Days that earlier logic built, see `siyu run --dry-run`"][1]
    assert "Move it away and run any day" in str(told)

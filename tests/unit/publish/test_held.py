"""A table that gate 2 holds stays as it was published, and so does what is said of its days."""

from collections.abc import Callable
from pathlib import Path

from orchestration.audit import Audit
from orchestration.publish.catalogue import publish_catalogue
from tests.unit.publish.fake_warehouse import read

LOGIC = "select logic from audit.built_days where table_name = 'kpi__sales_daily'"


def test_the_days_of_a_table_that_is_held_are_of_the_logic_that_built_what_is_shown(
    warehouse: Path, audit: Audit, catalogue: Path, change: Callable[[str], None]
) -> None:
    publish_catalogue(warehouse, audit, catalogue)
    change("update state.built_days set logic = 'new'")
    publish_catalogue(warehouse, audit, catalogue, {"outputs.kpi__sales_daily"})
    assert read(catalogue, LOGIC) == [("old",)]
    publish_catalogue(warehouse, audit, catalogue)
    assert read(catalogue, LOGIC) == [("new",)]

"""What makes a business day due: campaigns and products, of the days of campaigns, and for their tables alone."""

import json
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from tests.properties.exports import campaign, line, product
from tests.properties.installation import SteppedInstallation
from tests.properties.nasty.writing import came, step

FORGOTTEN = """
update finished.state.built_days set fingerprinted_by = 'before' where model = 'audience_members';
delete from finished.state.built_days where model = 'audience_decisions' and day = '2026-01-06'
"""
REPLACED = """
select day::varchar from finished.state.built_days
where model = 'audience_members' and fingerprinted_by is distinct from 'before'
"""
FINGERPRINTS = "select model, day::varchar, fingerprint from finished.state.built_days"


def test_a_campaign_and_a_product_concern_the_tables_and_the_days_of_campaigns_alone(tmp_path: Path) -> None:
    installation = SteppedInstallation(tmp_path / "home")
    steps = [
        step(came("order_lines", "01-05", line("l1")), asked="01-06 01-07 01-08"),
        step(came("campaigns", "01-08", campaign("c1", start="01-06", end="01-06"))),
        step(came("products", "01-08", product("p1"))),
    ]
    built = [_fingerprints(installation) for _ in installation.tables_along(steps)]
    models = {model for model, _ in built[-1]}
    of_campaigns = {model for model in models if model.startswith(("audience_", "campaign_"))}
    assert {"audience_decisions", "audience__sample_to_full_size", "campaign_product_days"} < of_campaigns < models
    for before, after in pairwise(built):
        due = {key for key in after if key in before and after[key] != before[key]}
        assert {day for _, day in due} == {"2026-01-06"}
        assert {model for model, _ in due} == of_campaigns


@pytest.mark.parametrize(("ratio", "due"), [(0, set()), (0.1, {"2026-01-06"})])
def test_who_is_held_out_of_all_follows_from_the_first_campaign(tmp_path: Path, ratio: float, due: set[str]) -> None:
    installation = SteppedInstallation(tmp_path / "home")
    installation.variables = ("--vars", json.dumps({"universal_holdout_ratio": ratio}))
    steps = [
        step(came("campaigns", "01-05", campaign("c1", start="01-06", end="01-06")), asked="01-06 01-07"),
        step(came("campaigns", "01-08", campaign("c0", start="01-02", end="01-03"))),
    ]
    before, after = (_fingerprints(installation) for _ in installation.tables_along(steps))
    decided = {day for model, day in before if model == "audience_decisions"}
    assert {day for day in decided if before["audience_decisions", day] != after["audience_decisions", day]} == due


def test_a_list_is_due_where_its_decisions_were_replaced(tmp_path: Path) -> None:
    """Whatever replaces them: the fingerprint of the lists' own days need not know of it."""
    installation = SteppedInstallation(tmp_path / "home")
    planned = came("campaigns", "01-05", campaign("c1", start="01-06", end="01-07"))
    for number, _ in enumerate(installation.tables_along([step(planned, asked="01-06 01-07"), step()])):
        with duckdb.connect() as connection:
            connection.execute(f"attach '{installation.settings.finished_file}' as finished")
            if number == 0:
                connection.execute(FORGOTTEN)
            replaced = connection.execute(REPLACED).fetchall()
    assert replaced == [("2026-01-06",)]


def _fingerprints(installation: SteppedInstallation) -> dict[tuple[str, str], str]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{installation.settings.finished_file}' as finished (read_only)")
        return {(model, day): found for model, day, found in connection.execute(FINGERPRINTS).fetchall()}

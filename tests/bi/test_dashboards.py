"""The dashboards in a real Superset, as a browser shows them: every chart has the rows of the catalogue."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import duckdb
import pytest
from playwright.sync_api import Page, Response

from docs.dashboards import DASHBOARDS, open_dashboard, signed_in
from tests.conftest import Installation

Rows = list[dict[str, object]]
Shown = dict[str, Rows]  # by title of the chart


@pytest.fixture(scope="module")
def look(superset: str, brand: Installation) -> Iterator[Callable[[str], Shown]]:
    """What a dashboard shows when it is opened."""
    with signed_in(superset, brand.home / "superset" / "password") as context:

        def look_at(name: str) -> Shown:
            page = context.new_page()
            shown = {_title(page, superset, answer): _rows(answer) for answer in open_dashboard(page, superset, name)}
            page.close()
            return shown

        yield look_at


def _title(page: Page, superset: str, answer: Response) -> str:
    found = re.search(r"slice_id%22%3A(\d+)", answer.url)
    assert found, answer.url
    return str(page.request.get(f"{superset}/api/v1/chart/{found[1]}").json()["result"]["slice_name"])


def _rows(answer: Response) -> Rows:
    assert answer.status == 200, answer.text()
    [result] = json.loads(answer.text())["result"]
    assert not result["error"], result["error"]
    rows: Rows = result["data"]
    return rows


@pytest.fixture(scope="module")
def shown(look: Callable[[str], Shown]) -> Shown:
    """Every chart of both dashboards."""
    return look("customer_base") | look("sales")


def _of(shown: Shown, dashboard: str, chart: str) -> Rows:
    return shown[DASHBOARDS[dashboard]["charts"][chart]["title"]]


def test_every_chart_has_rows(shown):
    charts = [chart["title"] for dashboard in DASHBOARDS.values() for chart in dashboard["charts"].values()]
    assert sorted(shown) == sorted(charts)
    assert not [title for title, rows in shown.items() if not rows]


def test_net_amounts_are_those_of_the_catalogue(shown, brand):
    days = {_day(row["business_date"]): _sum(row) for row in _of(shown, "sales", "net_by_platform")}
    known = brand.rows(
        "select cast(business_date as varchar), sum(net_amount) from outputs.kpi__sales_daily group by 1"
    )
    assert days == pytest.approx({day: float(amount) for day, amount in known})


def test_states_and_ratios_are_those_of_the_catalogue(shown, brand):
    drawn = [
        {_day(row["as_of_date"]): row[figure] for row in _of(shown, "customer_base", chart)}
        for chart, figure in (("fertility", "fertility_count"), ("thriving", "thriving_ratio"))
    ]
    known = brand.rows(
        """select cast(as_of_date as varchar), fertility_count, thriving_ratio from outputs.kpi__fast_daily
        where as_of_date >= (select max(begun_date) from marts.feeds where feed in ('orders', 'members'))"""
    )
    assert drawn == [{day: count for day, count, _ in known}, pytest.approx({day: ratio for day, _, ratio in known})]


def test_the_rfm_grid_is_that_of_the_latest_day(shown, brand):
    cells = {(row["r_score"], row["f_score"]): row["customer_count"] for row in _of(shown, "customer_base", "rfm_grid")}
    [(last,)] = brand.rows("select max(as_of_date) from outputs.kpi__fast_daily")
    grid = f"from marts.customer_rfm_daily where as_of_date = '{last}'"
    assert cells == {(r, f): n for r, f, n in brand.rows(f"select r_score, f_score, count(*) {grid} group by all")}


def test_campaigns_respond_as_the_catalogue_says(shown, brand):
    known = brand.rows(
        "select campaign_id, responded_ratio from outputs.kpi__campaign_response"
        " where scope = 'campaign' and window_days = 7"
    )
    drawn = {row["campaign_id"]: row["responded_ratio"] for row in _of(shown, "sales", "responses")}
    assert drawn == pytest.approx(dict(known))


def test_a_version_published_meanwhile_is_seen_at_once(shown, look, brand):
    """The file is replaced, as publishing does, while Superset runs."""
    kept, draft = (shutil.copy(brand.catalogue, brand.catalogue.with_suffix(end)) for end in (".kept", ".draft"))
    with duckdb.connect(str(draft)) as connection:
        connection.execute("update outputs.kpi__sales_daily set net_amount = 2 * net_amount")
    draft.replace(brand.catalogue)
    try:
        after = sum(map(_sum, _of(look("sales"), "sales", "net_by_platform")))
    finally:
        kept.replace(brand.catalogue)
    assert after == pytest.approx(2 * sum(map(_sum, _of(shown, "sales", "net_by_platform"))))


def _day(milliseconds: object) -> str:
    assert isinstance(milliseconds, float)
    return str(datetime.fromtimestamp(milliseconds / 1000, UTC).date())


def _sum(row: dict[str, object]) -> float:
    return sum(value for name, value in row.items() if name != "business_date" and isinstance(value, int | float))

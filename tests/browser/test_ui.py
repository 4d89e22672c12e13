"""What a newcomer does in the UI: looks at the graph, materialises a day, backfills a week, reads what came of it.

Everything is clicked on the real pages; only the state of runs is asked of the UI's own GraphQL endpoint.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from docs.screenshots import open_graph
from tests.browser.conftest import DESKTOP, FIRST_DAY, PHONE, Ui

pytestmark = pytest.mark.long

WEEK = [FIRST_DAY + timedelta(days=offset) for offset in range(7)]
DAY = WEEK[-1] + timedelta(days=1)
ROOMS = ("raw", "staging", "intermediate", "marts", "outputs", "published")
GATES = ("shape", "content", "volume")
RUNS = "{runsOrError {... on Runs {results {status jobName tags {key value}}}}}"
BACKFILLS = "{partitionBackfillsOrError {... on PartitionBackfills {results {id status numPartitions}}}}"
RUN_SECONDS = 400  # on a busy machine; a third of it on an idle one


def runs(ui: Ui) -> list[dict[str, Any]]:
    return ui.ask(RUNS)["runsOrError"]["results"]


def launch(page: Page, ui: Ui, days: str, button: str) -> None:
    """Job `daily` → Materialize all… → the days → the button."""
    page.goto(f"{ui.address}/locations/siyu/jobs/daily")
    page.get_by_role("button", name="Materialize all").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Show all partitions").click()
    chosen = dialog.get_by_role("textbox").first
    chosen.fill(days)
    chosen.press("Enter")
    dialog.get_by_role("button", name=button).click()
    expect(dialog).to_be_hidden()


@pytest.fixture(scope="module")
def day(ui: Ui, chromium: BrowserContext) -> date:
    """A day that was materialised from the UI."""
    page = chromium.new_page()
    launch(page, ui, str(DAY), "Launch 1 run")
    page.close()
    ui.wait_for(RUN_SECONDS, lambda: [run for run in runs(ui) if run["status"] in ("SUCCESS", "FAILURE")], "the day")
    return DAY


@pytest.fixture(scope="module")
def week(ui: Ui, chromium: BrowserContext, day: date) -> dict[str, Any]:
    """A week that was backfilled from the UI after the day."""

    def finished() -> Any:
        backfills = ui.ask(BACKFILLS)["partitionBackfillsOrError"]["results"]
        return backfills if backfills and backfills[0]["status"].startswith(("COMPLETED", "FAIL")) else None

    page = chromium.new_page()
    launch(page, ui, f"[{WEEK[0]}...{WEEK[-1]}]", "Launch backfill")
    page.close()
    [backfill] = ui.wait_for(RUN_SECONDS, finished, "the backfill")
    return backfill


def test_the_graph_stands_in_the_rooms_of_the_house(ui: Ui, page: Page) -> None:
    open_graph(page, ui.address)
    for room in ROOMS:
        expect(page.locator("svg foreignObject").get_by_text(room, exact=True).first).to_be_visible()
    expect(page.get_by_text("Join the", exact=False)).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("error", exact=False)).to_have_count(0)


def test_the_schedule_and_the_sensor_are_listed(ui: Ui, page: Page) -> None:
    page.goto(f"{ui.address}/automation")
    for name in ("every_morning", "delivery_complete"):
        expect(page.get_by_text(name, exact=True)).to_be_visible()


def test_a_day_is_materialised(ui: Ui, day: date) -> None:
    [run] = [run for run in runs(ui) if {"key": "dagster/partition", "value": str(day)} in run["tags"]]
    assert run["status"] == "SUCCESS"
    assert ui.installation.rows("select count(*) > 0 from marts.order_lines") == [(True,)]
    assert ui.installation.rows(f"select count(*) > 0 from audit.deliveries where delivery_date = '{day}'") == [(True,)]


def test_a_week_is_backfilled_in_one_run(ui: Ui, week: dict[str, Any]) -> None:
    assert (week["status"], week["numPartitions"]) == ("COMPLETED_SUCCESS", len(WEEK))
    [run] = [run for run in runs(ui) if {"key": "dagster/backfill", "value": week["id"]} in run["tags"]]
    assert run["status"] == "SUCCESS"
    delivered = "select count(distinct delivery_date) from audit.deliveries where delivery_date between '{}' and '{}'"
    assert ui.installation.rows(delivered.format(WEEK[0], WEEK[-1])) == [(len(WEEK),)]


def test_a_mart_shows_its_rows_columns_and_checks(ui: Ui, page: Page, day: date) -> None:
    [(rows,)] = ui.installation.rows("select count(*) from marts.order_lines")
    page.goto(f"{ui.address}/assets/marts/order_lines")
    expect(page.get_by_text("Row count", exact=True)).to_be_visible()
    expect(page.get_by_text(f"{rows:,}", exact=True).first).to_be_visible()
    for column, kind in {"order_line_key": "BIGINT", "paid_amount": "DECIMAL(18,2)"}.items():
        expect(page.get_by_role("row").filter(has_text=column).filter(has_text=kind).first).to_be_visible()
    page.goto(f"{ui.address}/assets/marts/order_lines?view=checks")
    expect(page.get_by_text("Succeeded", exact=True).first).to_be_visible()


def test_an_output_shows_its_gate(ui: Ui, page: Page, day: date) -> None:
    page.goto(f"{ui.address}/assets/outputs/kpi__sales_daily?view=checks")
    for gate in GATES:
        expect(page.get_by_text(gate, exact=True).first).to_be_visible()
    expect(page.get_by_text("Succeeded", exact=True).first).to_be_visible()
    expect(page.get_by_text("This is a blocking asset check.")).to_be_visible()
    expect(page.get_by_text("content__net_is_paid_minus_refunded")).to_be_visible()


@pytest.fixture
def report(ui: Ui, day: date) -> Path:
    return ui.installation.home / "published" / "reports" / str(day) / "index.html"


@pytest.fixture
def requested(page: Page) -> Iterator[list[str]]:
    """Every address that the page asks for."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    yield addresses


def test_the_quality_page_opens_offline(page: Page, report: Path, requested: list[str]) -> None:
    page.goto(report.as_uri())
    expect(page.get_by_label("Verdict")).to_contain_text("Everything was published.")
    expect(page.get_by_role("heading", name="Deliveries")).to_be_visible()
    assert requested == [report.as_uri()]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_quality_page_is_no_wider_than_its_window(page: Page, report: Path, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.goto(report.as_uri())
    expect(page.get_by_label("Verdict")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

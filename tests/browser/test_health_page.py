"""The page of a day as people open it: offline, on a desk and on a phone, in two languages, light, dark and printed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from orchestration.audit import Audit
from orchestration.publish.report import Publication, write_reports
from tests.browser.conftest import PHONE
from tests.unit.publish.health_catalogue import DAY, write_catalogue

DESKTOP = ViewportSize(width=1280, height=900)
SECTIONS = ("Sales", "Customer base", "Members", "RFM", "Influencers", "Campaigns and lift", "Audience lists", "Data:")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("brand")
    catalogue = write_catalogue(home / "published" / "siyu.duckdb")
    write_reports([DAY], Audit(home / "audit.sqlite"), Publication((), (), catalogue), home / "published")
    return home / "published" / "reports" / str(DAY) / "index.html"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_opens_offline_in_both_languages(page: Page, report: Path, size: ViewportSize, tmp_path: Path) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.set_viewport_size(size)
    page.goto(report.as_uri())
    lead = page.get_by_label("In short")
    expect(lead).to_contain_text("Net sales ¥1,350.50, +35.0 % on the same day a week before")
    for name in SECTIONS:
        expect(page.get_by_role("heading", name=name).first).to_be_visible()
    expect(page.locator("svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_text("中文").click()
    expect(lead.get_by_text("净销售额 ¥1,350.50")).to_be_visible()
    expect(lead.get_by_text("Net sales ¥1,350.50")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    picture = page.screenshot(path=tmp_path / "page.png", full_page=True)
    assert len(picture) > 50_000 and requested == [report.as_uri()]


def test_a_sentence_leads_to_its_section(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    page.get_by_label("In short").get_by_role("link", name="customers are in reach").click()
    expect(page.get_by_role("heading", name="Customer base")).to_be_in_viewport()


def test_every_cell_of_a_table_is_named_on_a_phone(page: Page, report: Path) -> None:
    page.set_viewport_size(PHONE)
    page.goto(report.as_uri())
    cell = page.locator("#sales td.number").first
    expect(cell).to_have_text("Orders订单3", use_inner_text=False)
    assert cell.inner_text().split() == ["Orders", "3"]


def test_the_dark_page_has_no_light_chart(page: Page, report: Path) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(report.as_uri())
    label = page.locator("figure svg text").first
    assert page.evaluate("label => getComputedStyle(label).fill", label.element_handle()) == "rgb(164, 173, 183)"


def test_the_page_prints(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    expect(page.get_by_text("中文", exact=True)).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")

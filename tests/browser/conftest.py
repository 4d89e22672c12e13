"""The UI as a newcomer sees it: `siyu dev` over a brand of two weeks, in a headless Chromium."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from demo import exports
from demo.brand import simulate
from docs.screenshots import MissingError, ask, browser, chromium_path, running_ui
from tests.conftest import Installation

FIRST_DAY = date(2025, 6, 9)
LAST_DAY = FIRST_DAY + timedelta(days=13)
DESKTOP, PHONE = ViewportSize(width=1400, height=900), ViewportSize(width=390, height=844)


@dataclass(frozen=True)
class Ui:
    """A running UI and the installation behind it."""

    address: str
    installation: Installation

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        return ask(self.address, query, **variables)

    def wait_for(self, seconds: int, answer: Callable[[], Any], what: str) -> Any:
        """The first answer that says something."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := answer():
                return found
            time.sleep(1)
        pytest.fail(f"{what} did not happen within {seconds} seconds")


@pytest.fixture(scope="module")
def chromium() -> Iterator[BrowserContext]:
    try:
        chromium_path()
    except MissingError as error:
        pytest.fail(str(error))
    with browser(DESKTOP) as context:
        context.set_default_timeout(30_000)
        expect.set_options(timeout=30_000)
        yield context


@pytest.fixture
def page(chromium: BrowserContext) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def ui(install, chromium: BrowserContext) -> Iterator[Ui]:
    installation: Installation = install(SIYU_START_DATE=str(FIRST_DAY))
    brand = simulate(scale=0.03, days=14, last_day=LAST_DAY)
    exports.write(brand, installation.home / "inbox")
    with running_ui(installation.environment, installation.home / "dev.log") as address:
        yield Ui(address, installation)

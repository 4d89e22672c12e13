"""The pictures of the README, taken from the running UI and the page of a day: `make screenshots`.

Belongs here: starting the UI over an installation, a headless browser, and which part of which page a picture shows.
Does not: anything drawn or edited by hand. The browser tests use the same server and the same browser.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, FloatRect, Page, ViewportSize, sync_playwright

IMAGES = Path(__file__).parent / "images"
SIYU = Path(sys.executable).with_name("siyu")
START_SECONDS, STOP_SECONDS = 120, 20
LOCATIONS = "{workspaceOrError {... on Workspace {locationEntries {loadStatus locationOrLoadError {__typename}}}}}"
QUIET = ("disable-background-networking", "disable-component-update", "disable-sync", "disable-quic")
FLAGS = [f"--{flag}" for flag in ("no-sandbox", "disable-gpu", "no-first-run", *QUIET)]
NARROW_NAVIGATION = "localStorage.setItem('dagster-nav-collapsed', 'true')"
GRAPH_SIZE = ViewportSize(width=1160, height=470)
REPORT_WIDTH, REPORT_MARGIN, PHONE_WIDTH = 1100, 12, 390
CLOSE_LIST = "xpath=//input[starts-with(@placeholder, 'Jump to')]/ancestor::*[.//button][1]//button"


class MissingError(Exception):
    """Something has to be installed or run before; the message says what."""


def chromium_path() -> str:
    """Where the browser is."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise MissingError(
            "Chromium is missing: install it (Debian: `sudo apt-get install chromium`), or name it: CHROMIUM=/path."
        )
    return found


@contextmanager
def browser(size: ViewportSize, scale: float = 1) -> Iterator[BrowserContext]:
    """A headless Chromium that knows nothing of earlier ones."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium_path(),
            args=FLAGS,
            viewport=size,
            device_scale_factor=scale,
            color_scheme="light",
        )
        try:
            yield context
        finally:
            context.close()


@contextmanager
def running_ui(environment: dict[str, str], log: Path) -> Iterator[str]:
    """`siyu dev` on a free port of this machine until the block ends, children included; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("w") as output:
        server = subprocess.Popen(
            [SIYU, "dev", "--port", str(port)],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_loaded(f"http://127.0.0.1:{port}", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            _stop(server)


def ask(address: str, query: str, **variables: Any) -> dict[str, Any]:
    """The answer of the UI's own GraphQL endpoint."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        data: dict[str, Any] = json.load(answer)["data"]
    return data


def _wait_until_loaded(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            entries = ask(address, LOCATIONS)["workspaceOrError"]["locationEntries"]
        except (urllib.error.URLError, ConnectionError):
            entries = []
        if entries and all(entry["loadStatus"] == "LOADED" for entry in entries):
            if any(entry["locationOrLoadError"]["__typename"] == "PythonError" for entry in entries):
                break
            return
        time.sleep(0.5)
    why = "broke" if server.poll() is not None else f"did not come up within {START_SECONDS} seconds"
    raise RuntimeError(f"{log.read_text()[-3000:]}\nThe UI {why}; above is the end of {log}.")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Asks first, so that runs end properly; whatever is left of the group after that is killed."""
    server.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        server.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def open_graph(page: Page, address: str, *expanded: str) -> None:
    """The global lineage, groups closed but those named, without the list at its left."""
    page.goto(f"{address}/asset-groups?expanded={','.join(f'global@global:{group}' for group in expanded)}")
    page.locator("svg foreignObject", has_text="published").first.wait_for()
    page.locator(CLOSE_LIST).first.click()


def _graph(address: str, picture: Path) -> None:
    with browser(GRAPH_SIZE, scale=2) as context:
        context.add_init_script(NARROW_NAVIGATION)
        page = context.pages[0]
        open_graph(page, address, "published")
        page.wait_for_timeout(1000)
        page.mouse.dblclick(GRAPH_SIZE["width"] / 2, GRAPH_SIZE["height"] - 10)  # fits the graph into the page
        page.wait_for_timeout(1500)
        _drag(page, 18)  # away from the controls
        page.wait_for_timeout(500)
        page.screenshot(path=picture)


def _drag(page: Page, pixels: int) -> None:
    """Moves the graph to the left."""
    x, y = GRAPH_SIZE["width"] / 2, GRAPH_SIZE["height"] - 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - pixels, y)
    page.mouse.up()


def _health_page(report: Path, picture: Path, width: int, scale: float, below: str) -> None:
    """From the headline down to the place named."""
    with browser(ViewportSize(width=width, height=900), scale) as context:
        page = context.pages[0]
        page.goto(report.as_uri())
        _part(page, picture, 0, _top(page, below))


def _quality_page(report: Path, picture: Path) -> None:
    """From the verdict to the accounting of the files."""
    with browser(ViewportSize(width=REPORT_WIDTH, height=900), scale=1.5) as context:
        page = context.pages[0]
        page.goto(report.as_uri())
        _part(page, picture, _top(page, "#quality"), _top(page, "#quality h2:has-text('Quarantined rows')"))


def _top(page: Page, place: str) -> float:
    return float(page.locator(place).first.evaluate("place => place.getBoundingClientRect().top + scrollY"))


def _part(page: Page, picture: Path, first: float, last: float) -> None:
    width = page.viewport_size["width"] if page.viewport_size else REPORT_WIDTH
    clip = FloatRect(x=0, y=first, width=width, height=last - first - REPORT_MARGIN)
    page.screenshot(path=picture, clip=clip, full_page=True)


def main() -> None:
    """Takes the pictures; the demo must have been run."""
    home = Path(os.environ.get("SIYU_HOME", "instance")).resolve()
    reports = sorted((home / "published" / "reports").glob("*/index.html"))
    if not reports or not (home / "published" / "siyu.duckdb").exists():
        raise MissingError(f"{home} holds no finished demo: run `make demo` first, or set SIYU_HOME.")
    chromium_path()
    IMAGES.mkdir(exist_ok=True)
    _health_page(reports[-1], IMAGES / "health_page.png", REPORT_WIDTH, 1.5, below="#flows")
    _health_page(reports[-1], IMAGES / "health_page_phone.png", PHONE_WIDTH, 2, below="#sales .caption")
    _quality_page(reports[-1], IMAGES / "quality_page.png")
    with running_ui({**os.environ, "SIYU_HOME": str(home)}, home / "logs" / "screenshots.log") as address:
        _graph(address, IMAGES / "asset_graph.png")
    print(*sorted(IMAGES.glob("*.png")), sep="\n")


if __name__ == "__main__":
    try:
        main()
    except MissingError as error:
        sys.exit(str(error))

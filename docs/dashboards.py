"""The pictures of `bi.md`, from a running Superset: `python docs/dashboards.py`.

Belongs here: starting Superset over an installation, signing in, opening a dashboard. The tests of the dashboards do
the same. Does not: what a dashboard shows (`bi/superset`), and the pictures of the README (`screenshots.py`).
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from playwright.sync_api import BrowserContext, FloatRect, Page, Response, ViewportSize

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from docs.screenshots import IMAGES, MissingError, browser  # noqa: E402

SUPERSET = ROOT / "bi" / "superset"
DASHBOARDS = {
    name: yaml.safe_load((SUPERSET / f"{name}.yaml").read_text(encoding="utf-8")) for name in ("customer_base", "sales")
}
SIZE = ViewportSize(width=1400, height=1400)  # a chart asks for its data once it can be seen
START_SECONDS, OPEN_SECONDS, DRAW_MILLISECONDS = 300, 120, 2000
MARGIN = 16


@contextmanager
def running_superset(environment: dict[str, str], log: Path) -> Iterator[str]:
    """`bi/superset/start` on a free port of this machine until the block ends; gives its address."""
    if not (ROOT / ".venv-bi" / "bin" / "superset").exists():
        raise MissingError("Superset is missing: `make bi-test` installs it into .venv-bi")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("w") as output:
        server = subprocess.Popen(
            [SUPERSET / "start", str(port)],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_up(f"http://127.0.0.1:{port}", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _wait_until_up(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
        else:
            return
    raise RuntimeError(f"Superset did not come up:\n{log.read_text()[-3000:]}")


@contextmanager
def signed_in(address: str, password: Path) -> Iterator[BrowserContext]:
    """A browser of the administrator."""
    with browser(SIZE) as context:
        context.set_default_timeout(60_000)
        page = context.pages[0]
        page.goto(f"{address}/login/")
        page.locator("#username").fill("admin")
        page.locator("#password").fill(password.read_text().strip())
        page.locator("button[type=submit]").click()
        page.wait_for_url("**/welcome/**")
        yield context


def open_dashboard(page: Page, address: str, name: str) -> list[Response]:
    """Opens a dashboard, and gives what its charts were answered once every one was."""
    answers: list[Response] = []
    page.on("response", lambda answer: "/api/v1/chart/data" in answer.url and answers.append(answer))
    page.goto(f"{address}/superset/dashboard/siyu-{name.replace('_', '-')}/?standalone=2&expand_filters=0")
    end = time.monotonic() + OPEN_SECONDS
    while len(answers) < len(DASHBOARDS[name]["charts"]) and time.monotonic() < end:
        page.wait_for_timeout(200)
    return answers


def main() -> None:
    """Takes the pictures; the demo must have been run."""
    home = Path(os.environ.get("SIYU_HOME", "instance")).resolve()
    with (
        running_superset({**os.environ, "SIYU_HOME": str(home)}, home / "logs" / "superset.log") as address,
        signed_in(address, home / "superset" / "password") as context,
    ):
        for name in DASHBOARDS:
            page = context.new_page()
            open_dashboard(page, address, name)
            page.wait_for_timeout(DRAW_MILLISECONDS)
            _picture(page, IMAGES / f"dashboard_{name}.png")


def _picture(page: Page, picture: Path) -> None:
    """The charts, down to the last row."""
    grid = page.locator(".grid-container").bounding_box()
    last = page.locator(".dashboard-component-chart-holder").last.bounding_box()
    if grid and last:
        bottom = last["y"] + last["height"] + MARGIN
        clip = FloatRect(x=grid["x"], y=grid["y"], width=grid["width"], height=bottom - grid["y"])
        page.screenshot(path=picture, clip=clip)


if __name__ == "__main__":
    try:
        main()
    except MissingError as error:
        sys.exit(str(error))

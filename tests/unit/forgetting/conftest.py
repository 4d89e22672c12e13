"""An installation whose files are landed in this process; no tables are built."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import count
from pathlib import Path

import duckdb
import pytest

from orchestration.audit import Audit
from orchestration.extract.contracts import load_contracts
from orchestration.extract.landing import LandingSummary, land
from orchestration.forgetting.erasure import Proof, forget
from orchestration.privacy.pepper import vault_of
from orchestration.publish import writers
from orchestration.settings import Settings

FIRST, SECOND = date(2024, 3, 1), date(2024, 3, 2)
PHONE, OTHER, SHARED = "13912345670", "13912345672", "13912345671"
AT = "2024-03-01 10:00:00"
LINES = "order_id,order_line_id,account_id,quantity,paid_amount,order_status,created_at"
IDENTIFIERS = "account_id,id_type,id_value"


@contextmanager
def broken_off_at(write: int) -> Iterator[None]:
    """Killed as the n-th file is put in its place; where there are fewer of them, it never is."""
    writes, install = count(1), writers.install

    def failing(*arguments: Path) -> None:
        if next(writes) == write:
            raise KeyboardInterrupt
        install(*arguments)

    with pytest.MonkeyPatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(writers, "install", failing)
        yield


@dataclass
class Home:
    """One `SIYU_HOME`; `days` are those that were run."""

    settings: Settings
    days: list[date] = field(default_factory=list)
    platform: str = "generic"

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.settings.audit_file)

    def put(self, dataset: str, name: str, *lines: str, day: date = FIRST) -> Path:
        file = self.settings.inbox / self.platform / dataset / str(day) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n")
        return file

    def land(self, day: date = FIRST) -> dict[str, LandingSummary]:
        contracts, home = load_contracts(self.settings.contract_directories), self.settings
        vault = vault_of(home, self.audit)
        folders = sorted(self.settings.inbox.glob(f"{self.platform}/*/{day}"))
        self.audit.request_days([day])
        names = [folder.parent.name for folder in folders]
        return {
            name: land(contracts, self.platform, name, [day], home.inbox, home.lake, self.audit, vault)
            for name in names
        }

    def forget(self, identifier: str, *reasons: str) -> Proof:
        """`reasons` why the run at the end published nothing."""

        def run(day: date) -> tuple[str, ...]:
            self.days.append(day)
            return reasons

        return forget(self.settings, identifier, run, lambda line: None)

    def lake(self, dataset: str, columns: str) -> list[tuple[object, ...]]:
        files = self.settings.lake / self.platform / dataset / "delivery_date=*" / "*.parquet"
        return duckdb.sql(
            f"select {columns} from read_parquet('{files}', hive_partitioning = false) order by all"
        ).fetchall()

    def book(self, columns: str) -> list[tuple[object, ...]]:
        rows = self.audit.query(f"select {columns} from deliveries order by file_path")
        return [tuple(row.values()) for row in rows]

    def mentions(self, word: str) -> Iterator[Path]:
        files = (file for file in self.settings.home.rglob("*") if file.is_file())
        return (file for file in files if word.encode() in file.read_bytes())

    def proof(self, proof: Proof) -> dict[str, dict[str, int]]:
        told: dict[str, dict[str, int]] = json.loads(proof.file.read_text())
        return told


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(Settings(home=tmp_path / "home"))


@pytest.fixture
def shop(home: Home) -> Home:
    """anna and cara; once cara had the number that is anna's now."""
    home.put(
        "order_lines",
        "orders.csv",
        LINES,
        f"order-anna,line-anna,anna-app,1,5.00,paid,{AT}",
        f"order-cara,line-cara,cara-app,1,7.00,paid,{AT}",
        f"order-cara,line-cara-2,,1,8.00,paid,{AT}",
        f"order-odd,line-odd,cara-app,1,seven,paid,{AT}",
        "cara-app,is in a broken row",
    )
    home.put(
        "refunds", "refunds.csv", "refund_id,order_line_id,refund_amount,refund_status", "r1,line-cara-2,1.00,succeeded"
    )
    home.put(
        "identifiers",
        "identifiers.csv",
        IDENTIFIERS,
        f"cara-app,phone,{PHONE}",
        "cara-app,union_id,union-cara",
        f"cara-app,phone,{SHARED}",
        f"anna-app,phone,{SHARED}",
    )
    home.land()
    return home

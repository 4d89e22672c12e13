"""Where an installation lives and how it is tuned: the only reader of environment variables.

Belongs here: a path under `SIYU_HOME`, a `SIYU_…` variable with its default.
Does not: anything that opens a file, and any number the business may change (a seed, a plan row or a dbt var).
"""

from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parents[1]
DBT_PROJECT = PROJECT_ROOT / "dbt_project"
EXPECTATIONS = PROJECT_ROOT / "expectations"
CONTRACTS = PROJECT_ROOT / "orchestration" / "extract" / "contracts"


class Settings(BaseSettings):
    """One installation. Every field is the environment variable `SIYU_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="SIYU_", extra="ignore")

    home: Path = Field(default=Path("instance"), description="The directory that owns everything of this installation.")
    start_date: date = Field(
        default=date(2015, 1, 1), description="The first delivery date, hence the first partition."
    )
    contracts: Path | None = Field(default=None, description="A directory with contracts of the user's own.")
    pepper: SecretStr | None = Field(
        default=None, description="Key of the tokens that replace personal identifiers; at least 32 characters."
    )
    pepper_file: Path | None = Field(
        default=None, description="A file that holds the pepper; without both, one is made in `vault/pepper`."
    )
    settle_seconds: int = Field(default=60, description="How long a file must be unchanged before the sensor sees it.")
    memory_limit: str = Field(default="12GB", description="DuckDB's memory limit; beyond it, work spills to disk.")
    threads: int = Field(default=2, ge=1, description="Threads of DuckDB while the tables are built.")

    def model_post_init(self, _context: object) -> None:
        self.home = self.home.expanduser().resolve()

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse"

    @property
    def warehouse_file(self) -> Path:
        return self.warehouse / "warehouse.duckdb"

    @property
    def finished_file(self) -> Path:
        """Marts and outputs, in a file of their own so that publishing them is copying it."""
        return self.warehouse / "finished.duckdb"

    @property
    def databases(self) -> dict[str, Path]:
        """The files that dbt writes, by the names it knows them under."""
        return {"warehouse": self.warehouse_file, "finished": self.finished_file}

    @property
    def plan(self) -> Path:
        return self.warehouse / "plan"

    @property
    def build_mark(self) -> Path:
        """Exists while the warehouse is the result of a complete build."""
        return self.plan / "complete"

    @property
    def audit_file(self) -> Path:
        return self.home / "audit" / "audit.sqlite"

    @property
    def vault(self) -> Path:
        """What only extract may write and only a delivery may read."""
        return self.home / "vault"

    @property
    def vault_file(self) -> Path:
        return self.vault / "vault.sqlite"

    @property
    def next_pepper(self) -> Path:
        """There while tokens are carried over to another pepper."""
        return self.vault / "pepper.next"

    @property
    def own_pepper(self) -> Path:
        """Made on first need where none is given."""
        return self.vault / "pepper"

    @property
    def published(self) -> Path:
        return self.home / "published"

    @property
    def catalogue(self) -> Path:
        return self.published / "siyu.duckdb"

    @property
    def audiences(self) -> Path:
        return self.published / "audiences"

    @property
    def reports(self) -> Path:
        return self.published / "reports"

    @property
    def replays(self) -> Path:
        """Days as they were known, each in a folder of its own."""
        return self.published / "replays"

    @property
    def beside(self) -> Path:
        """Where the tables are built a second time; empty between two such builds."""
        return self.home / "beside"

    @property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @property
    def contract_directories(self) -> list[Path]:
        return [CONTRACTS, *([self.contracts.resolve()] if self.contracts else [])]


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()

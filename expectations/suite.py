"""What a suite is: YAML data in three groups, read and validated without Great Expectations.

Belongs here: the words a suite file may use, and how a rule is said in English.
Does not: running a rule (`runner.py`), and any rule about particular data (the YAML files under `raw/` and `outputs/`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

SQL_RULE = "UnexpectedRowsExpectation"
Sentence = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)+$")]


class Rule(BaseModel):
    """One demand: an expectation class with its arguments, or a `query` over `{batch}` that must find no row."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Sentence
    expect: str = Field(default=SQL_RULE, pattern=r"^(Expect[A-Za-z]+|UnexpectedRowsExpectation)$")
    arguments: dict[str, Any] = Field(default_factory=dict, alias="with")
    query: str | None = None
    severity: Literal["error", "warning"] = "error"
    show_values: bool = False  # names what failed, values or rows of a query; never for personal columns

    @model_validator(mode="after")
    def _is_said_one_way(self) -> Self:
        if (self.expect == SQL_RULE) != (self.query is not None):
            raise ValueError(f"rule '{self.name}': give either 'expect' (with 'with') or 'query'")
        if self.query is not None and "{batch}" not in self.query:
            raise ValueError(f"rule '{self.name}': the query must read from {{batch}}")
        return self

    @property
    def expected(self) -> str:
        """The demand in words, as reports show it."""
        if self.query is not None:
            return "0 rows against it"
        words = "".join(f" {c.lower()}" if c.isupper() else c for c in self.expect.removeprefix("Expect")).strip()
        if column := self.arguments.get("column"):
            words = words.replace("column", column, 1)
        said = [
            f"{name.replace('_', ' ')} {_said(value)}" for name, value in self.arguments.items() if name != "column"
        ]
        return f"{words}: {', '.join(said)}" if said else words


class Suite(BaseModel):
    """The rules of one dataset or output, in the three groups that the gates show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    beside: tuple[
        Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")], ...
    ] = ()  # business-owned tables (seeds) that queries read
    shape: tuple[Rule, ...] = ()
    content: tuple[Rule, ...] = ()
    volume: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [name for name, _ in self.rules()]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two rules are called {', '.join(repeated)}")
        return self

    def rules(self) -> Iterator[tuple[str, Rule]]:
        """Every rule under its check name, `<group>__<sentence>`."""
        groups = {"shape": self.shape, "content": self.content, "volume": self.volume}
        return ((f"{group}__{rule.name}", rule) for group, rules in groups.items() for rule in rules)

    def only(self, check_names: set[str]) -> "Suite":
        """The same suite with only the named checks."""
        kept = {
            group: [rule for name, rule in self.rules() if name in check_names and name.startswith(f"{group}__")]
            for group in ("shape", "content", "volume")
        }
        return self.model_copy(update=kept)


def load_suite(file: Path) -> Suite:
    """Reads one suite; a word it does not know is an error that names the file."""
    try:
        return Suite.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")) or {})
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file}: {error}") from error


def _said(value: object) -> str:
    return "(" + ", ".join(map(str, value)) + ")" if isinstance(value, list) else str(value)

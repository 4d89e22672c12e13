"""What an export looks like: one YAML file per platform and dataset, read into a checked model.

Belongs here: the form of a contract, how header spellings are folded, how files are found and what makes one wrong.
Does not: anything that opens a delivered file, and what a column means to the business.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

SQL_TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "phone": "VARCHAR",
    "integer": "BIGINT",
    "money": "DECIMAL(18,2)",
    "decimal": "DECIMAL(18,6)",
    "ratio": "DECIMAL(9,6)",
    "percent": "DECIMAL(9,6)",
    "timestamp": "TIMESTAMP",
    "epoch_seconds": "TIMESTAMP",
    "date": "DATE",
    "month_day": "VARCHAR",
    "boolean": "BOOLEAN",
    "filter": "VARCHAR",
}
NAME = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = {"content_hash", "line_number", "version_at", "delivery_date"}
SPELLINGS = str.maketrans("帐劵[{【〔「]}】〕」", "账券((((()))))")
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")

ColumnType = Literal[
    "id", "text", "phone", "integer", "money", "decimal", "ratio", "percent", "timestamp", "epoch_seconds", "date",
    "month_day", "boolean", "filter",
]  # fmt: skip
ContractKey = tuple[str, str]


class ContractError(ValueError):
    """A contract that cannot be used; the message names the file, the key and the remedy."""


@cache
def fold(header: str) -> str:
    """The spelling under which headers are compared: widths, blanks, brackets, case and 帐/账 make no difference."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", header)).translate(SPELLINGS).casefold()


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Strict):
    """One column: where it stands in the file and what its text must be."""

    header: list[str] = Field(min_length=1, description="Every header it is known by; the first one present is read.")
    type: ColumnType = "text"
    required: bool = False
    pattern: str | None = Field(default=None, description="What an id must match as a whole.")
    values: list[str] = Field(default=[], description="The only words there are; case makes no difference.")
    null_words: list[str] = []
    suffixes: list[str] = Field(default=["元"], description="Units that may follow a number.")
    allow_negative: bool = False
    facts: dict[str, Literal["number", "text", "date"]] = Field(
        default={}, description="What conditions of a `filter` may speak of."
    )
    personal: Literal["drop", "token", "vault"] | None = None
    token_when: dict[str, list[str]] | None = Field(
        default=None, max_length=1, description="{other column: words}: only such rows, which hold phones, are tokens."
    )
    several: bool = Field(default=False, description="Whether a cell may name several phones: a token for each.")
    day: str | None = Field(default=None, description="Of a timestamp: the date column for cells with a clock alone.")

    @property
    def is_token(self) -> bool:
        """Whether the lake holds tokens instead of values."""
        return self.personal in ("token", "vault")

    @field_validator("pattern")
    @classmethod
    def _pattern_is_plain(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from None
            if "(?" in pattern:
                raise ValueError("look-around and flags, (?…), are not supported in a pattern")
        return pattern

    @model_validator(mode="after")
    def _values_are_distinct_text(self) -> Self:
        if self.values and self.type != "text":
            raise ValueError("values are words: `type: text`")
        if self.type == "month_day" and self.required:
            raise ValueError("a month_day that is no day is unknown: leave `required` out")
        if bool(self.facts) != (self.type == "filter"):
            raise ValueError("a filter has `facts`, and nothing else has")
        folded = [word.lower() for word in self.values]
        _refuse("a value stands twice", sorted({word for word in folded if folded.count(word) > 1}))
        return self

    @model_validator(mode="after")
    def _personal_values_are_hidden(self) -> Self:
        if self.type == "phone" and not self.personal:
            raise ValueError("a phone is personal: `personal: token` or `personal: drop`")
        if self.is_token and (self.type not in ("text", "id", "phone") or self.values):
            raise ValueError("a token is made of text, an id or a phone, without `values`")
        if self.several and (self.type != "phone" or self.personal != "token"):
            raise ValueError("`several` is of phones, under `personal: token`")
        if self.token_when is not None and (not self.is_token or not self.token_when or self.type == "phone"):
            raise ValueError("`token_when` names one column, under `personal: token`, where the type is text or id")
        return self


class Position(Strict):
    """Numbers the rows of one parent, where the export gives a row no id of its own."""

    column: str
    within: list[str] = Field(min_length=1)


class Contract(Strict):
    """One export. Lake columns stand in the order of `columns`."""

    platform: str
    dataset: str
    title: str
    key: list[str] = Field(min_length=1)
    version: list[str] = Field(
        default=[], description="Columns that tell the newer of two rows; the first is `version_at`."
    )
    prefer_latest: list[str] = Field(
        default=[], description="Times that decide between rows of one file that `version` leaves equal."
    )
    in_order: list[tuple[str, str]] = Field(
        default=[], description="Pairs of times; a row whose second is before its first is quarantined."
    )
    constant: list[str] = Field(default=[], description="Columns in which all rows of one key must agree.")
    columns: dict[str, Column] = Field(min_length=1)
    position: Position | None = None
    catch_all: str | None = Field(default=None, description="JSON column for undeclared columns with plain names.")
    ignored: list[str] = Field(default=[], description="Headers known and left out; any other is reported as new.")
    allow_header_only: bool = False

    @cached_property
    def loaded(self) -> dict[str, Column]:
        """The columns that reach the lake."""
        return {name: column for name, column in self.columns.items() if column.personal != "drop"}

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Folded header → column."""
        return {fold(header): name for name, column in self.columns.items() for header in column.header}

    @cached_property
    def ignored_headers(self) -> frozenset[str]:
        return frozenset(map(fold, self.ignored))

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(name for name, column in self.loaded.items() if column.required)

    @property
    def lake_schema(self) -> dict[str, str]:
        """Column → SQL type of every Parquet file of this export."""
        declared = {name: SQL_TYPES[column.type] for name, column in self.loaded.items()}
        position = {self.position.column: "BIGINT"} if self.position else {}
        catch_all = {self.catch_all: "VARCHAR"} if self.catch_all else {}
        shop = {} if "shop_id" in declared else {"shop_id": "VARCHAR"}
        ours = {"content_hash": "VARCHAR", "line_number": "BIGINT", "version_at": "TIMESTAMP"}
        return declared | position | catch_all | shop | ours

    @model_validator(mode="after")
    def _names_are_consistent(self) -> Self:
        usable = self.lake_schema.keys() - RESERVED
        _refuse("a name must match [a-z][a-z0-9_]*", [name for name in usable if not NAME.fullmatch(name)])
        _refuse("the name is used by the loader", sorted(RESERVED & self.columns.keys()))
        _refuse("the key names a column that is not loaded", [name for name in self.key if name not in usable])
        _refuse("`constant` names a column that is not loaded", [n for n in self.constant if n not in usable])
        times = {name for name, column in self.loaded.items() if SQL_TYPES[column.type] in ("TIMESTAMP", "DATE")}
        ordered = [name for pair in self.in_order for name in pair]
        _refuse("`in_order` names a column that is no timestamp or date", [n for n in ordered if n not in times])
        clocks = {name: column for name, column in self.loaded.items() if column.day}
        dates = {name for name, column in self.loaded.items() if column.type == "date"}
        odd = [name for name, column in clocks.items() if column.type != "timestamp" or column.day not in dates]
        _refuse("a `day` is a loaded date, of a timestamp", odd)
        orders = [*self.version, *self.prefer_latest]
        _refuse("a version column must be a timestamp or date that is loaded", [n for n in orders if n not in times])
        deciding = {other for column in self.loaded.values() for other in column.token_when or {}}
        plain = {name for name in self.required if not self.columns[name].personal}
        _refuse("`token_when` needs a required column that is not personal", sorted(deciding - plain))
        _refuse("one header stands for two columns", _repeated_headers(self.columns))
        return self


def _refuse(problem: str, names: Iterable[str]) -> None:
    if listed := ", ".join(names):
        raise ValueError(f"{problem}: {listed}")


def _repeated_headers(columns: Mapping[str, Column]) -> list[str]:
    folded = [fold(header) for column in columns.values() for header in column.header]
    return sorted({header for header in folded if folded.count(header) > 1})


class _UniqueKeys(yaml.SafeLoader):
    """YAML without silent overwriting: the same key twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if repeated := {str(key) for key in keys if keys.count(key) > 1}:
            raise yaml.MarkedYAMLError(
                problem=f"the key {', '.join(sorted(repeated))} stands twice", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep)


def read_contract(file: Path) -> Contract:
    """The contract in `<platform>/<dataset>.yml`."""
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_UniqueKeys)
        if not isinstance(content, dict):
            raise ContractError(f"{file}: not a contract: write keys and values, see docs/contracts.md")
        return Contract(platform=file.parent.name, dataset=file.stem, **content)
    except ValidationError as error:
        raise ContractError("\n".join(_explained(file, problem) for problem in error.errors())) from None
    except (yaml.YAMLError, UnicodeDecodeError, TypeError) as error:
        raise ContractError(f"{file}: not readable as YAML: {error}. Correct the file and run again.") from None


def _explained(file: Path, problem: Any) -> str:
    key = ".".join(map(str, problem["loc"])) or "contract"
    remedy = "Remove the key or correct its spelling" if problem["type"] == "extra_forbidden" else "Correct it"
    return f"{file}: {key}: {problem['msg']}. {remedy}; docs/contracts.md lists every field."


def load_contracts(directories: Iterable[Path]) -> dict[ContractKey, Contract]:
    """Every contract by (platform, dataset); a later directory adds to and overrides an earlier one."""
    contracts: dict[ContractKey, Contract] = {}
    for directory in directories:
        if not directory.is_dir():
            raise ContractError(f"{directory}: no such directory of contracts. Correct SIYU_CONTRACTS or create it.")
        for file in sorted(directory.glob("*/*.y*ml")):
            contract = read_contract(file)
            contracts[contract.platform, contract.dataset] = contract
    return contracts

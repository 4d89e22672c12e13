"""Which export a file is, told from its headers; never from its name.

Belongs here: finding the header row, matching it with the contracts, saying why it does not match.
Does not: opening files (`files.py`) and reading their rows (`readers.py`, `workbook.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orchestration.extract.contracts import NAME, Contract, ContractKey, fold

HEADER_ROWS = 50
NAMES_SHOWN = 80
GARBLED = "if the text looks garbled, save it as CSV UTF-8"


class Refused(Exception):
    """A file that is not loaded at all. The message says why and what to do; it never holds a value of the file."""


@dataclass(frozen=True)
class Header:
    """Where the header stands and what is read from it."""

    row: int  # as a spreadsheet counts, from 1
    width: int
    columns: dict[str, int]  # contract column → place in the row, for every column that is loaded
    parameters: dict[str, int]  # undeclared columns kept by a contract with `catch_all`
    undeclared: list[str]  # headers that the contract neither loads, drops nor ignores


@dataclass(frozen=True)
class Match:
    """How well one row of cells fits one contract."""

    contract: Contract
    found: frozenset[str]

    @property
    def missing(self) -> frozenset[str]:
        return self.contract.required - self.found


def match(cells: Sequence[str], contract: Contract) -> Match:
    found = contract.aliases.keys() & set(map(fold, cells))
    return Match(contract, frozenset(map(contract.aliases.__getitem__, found)))


def find_header(rows: Iterable[Sequence[str]], contract: Contract) -> tuple[int, Sequence[str]] | None:
    """The first row, with its number, that has every required column."""
    for number, cells in enumerate(rows, start=1):
        if number > HEADER_ROWS:
            return None
        if len(cells) >= len(contract.required) and not match(cells, contract).missing:
            return number, cells
    return None


def header_of(row: int, cells: Sequence[str], contract: Contract, contracts: Mapping[ContractKey, Contract]) -> Header:
    """What is read from a header that has every required column."""
    own = match(cells, contract)
    better = _best(cells, contracts)
    if better and _fit(better) > _fit(own):
        raise Refused(_move(better.contract))
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        places.setdefault(fold(cell), []).append(place)
    columns = {name: found for name in contract.loaded if (found := _place(name, contract, places)) is not None}
    known = contract.aliases.keys() | contract.ignored_headers | {""}
    undeclared = [cell.strip() for cell in cells if fold(cell) not in known]
    parameters = {name: places[name][0] for name in undeclared if contract.catch_all and NAME.fullmatch(name)}
    if repeated := [name for name in parameters if len(places[name]) > 1 or name in contract.lake_schema]:
        raise Refused(f"the parameter {_names(repeated)} stands twice or has a name of ours. Rename the column.")
    return Header(row, len(cells), columns, parameters, [name for name in undeclared if name not in parameters])


def _place(name: str, contract: Contract, places: Mapping[str, list[int]]) -> int | None:
    for header in contract.columns[name].header:
        found = places.get(fold(header), [])
        if len(found) > 1:
            where = ", ".join(str(place + 1) for place in found)
            raise Refused(f"the header {header!r} stands in columns {where}. Keep the right one and delete the others.")
        if found:
            return found[0]
    return None


def explain(rows: Iterable[Sequence[str]], contract: Contract, contracts: Mapping[ContractKey, Contract]) -> str:
    """Why none of the rows is the header of this contract, and what to do."""
    candidates = list(rows)
    closest = max((match(cells, contract) for cells in candidates), key=_fit, default=Match(contract, frozenset()))
    other = max((found for cells in candidates if (found := _best(cells, contracts))), key=_fit, default=closest)
    where = f"{contract.platform}/{contract.dataset}"
    if _fit(other) > _fit(closest):
        return _move(other.contract)
    if not closest.found:
        return (
            f"no header of {where} in the first {HEADER_ROWS} rows. Export it again with its header row "
            f"(it needs {_aliases(contract.required, contract)}); {GARBLED}."
        )
    return (
        f"required columns are missing: {_aliases(closest.missing, contract)}. Export again with these columns, "
        f"or, if a header was renamed, add the new spelling to the contract of {where} (docs/contracts.md); {GARBLED}."
    )


def _fit(found: Match) -> int:
    return len(found.found)


def _best(cells: Sequence[str], contracts: Mapping[ContractKey, Contract]) -> Match | None:
    complete = [found for contract in contracts.values() if not (found := match(cells, contract)).missing]
    return max(complete, key=_fit, default=None)


def _move(contract: Contract) -> str:
    where = f"{contract.platform}/{contract.dataset}"
    return f"this looks like {where}: move it to inbox/{where}/<date>/."


def _aliases(names: Iterable[str], contract: Contract) -> str:
    return _names(
        f"{name} ({' or '.join(contract.columns[name].header)})" for name in contract.columns if name in names
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(name[:NAMES_SHOWN] for name in names)


def note_on(header: Header) -> str | None:
    """What is told about a file that was loaded."""
    if not header.undeclared:
        return None
    return f"columns the contract does not know, not loaded: {_names(header.undeclared)}"

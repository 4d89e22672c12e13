"""Replaces the pepper: every stored token is carried over to a new one, without the plain values: `siyu rotate-pepper`.

Belongs here: the order of things, and rewriting the tokens of the lake. Does not: what a token is (`privacy/keys.py`).
A token of the new pepper is its keyed hash of the old token, so whoever learnt the old pepper can recompute none. Each
step may be done again: one broken off is completed by the same command, and no run begins meanwhile.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.audit import Audit
from orchestration.extract.casting import literal
from orchestration.extract.contracts import Contract, ContractKey, load_contracts
from orchestration.extract.lake import landed_contents, scratch_folder, write, writing
from orchestration.extract.persons import tokens
from orchestration.forgetting.person import Person
from orchestration.forgetting.rebuilding import RunDay, Say, build_anew
from orchestration.privacy.keys import BETWEEN, Keys, PepperError, key_id
from orchestration.privacy.marks import carried_mark
from orchestration.privacy.pepper import make_pepper, pepper_in, present_vault
from orchestration.privacy.vault import replaced_peppers
from orchestration.settings import Settings

UNFINISHED = "a forgetting was broken off: give that `siyu forget` command again first, then rotate."
NOTHING = "no token is stored yet, so there is nothing to rotate."
WHERE = (
    "The pepper is given by SIYU_PEPPER or SIYU_PEPPER_FILE: name the file of the new one, --to FILE; it is made there."
)


def rotate(settings: Settings, target: Path | None, run_day: RunDay, say: Say) -> tuple[str, ...]:
    """Carries everything over to a new pepper. Returns why something was not published afterwards."""
    audit = Audit(settings.audit_file)
    is_given = bool(settings.pepper or settings.pepper_file)
    _prepare(settings, audit, target, is_given)
    new = pepper_in(settings.next_pepper)
    if (audit.token_key() or ("", 0))[0] != key_id(new):
        _carry_over(settings, audit, new, say)
    if is_given:
        settings.next_pepper.unlink()
    else:
        settings.next_pepper.replace(settings.own_pepper)
    return build_anew(settings, audit, Person(), run_day, say)


def _prepare(settings: Settings, audit: Audit, target: Path | None, is_given: bool) -> None:
    """Lays the new pepper ready; from here on no run begins until all is carried over."""
    if settings.next_pepper.exists():
        return
    if not audit.token_key():
        raise PepperError(NOTHING)
    if audit.query("select 1 from forgettings where sealed is not null"):
        raise PepperError(UNFINISHED)
    if is_given != (target is not None):
        raise PepperError(WHERE if is_given else "--to is for a pepper that is given by a variable; leave it out.")
    present_vault(settings, audit)
    if target and not target.exists():
        make_pepper(target)
    make_pepper(settings.next_pepper, pepper_in(target) if target else None)


def _carry_over(settings: Settings, audit: Audit, new: bytes, say: Say) -> None:
    """Lake, vault, then the book, by which a run is told which pepper is right."""
    if chain := replaced_peppers(settings.vault_file, new):
        keys = Keys((*chain, new))  # the vault was carried over before a kill
    else:
        old = present_vault(settings, audit)
        keys = Keys((*old.keys.chain, new))
        _rewrite(load_contracts(settings.contract_directories), settings.lake, keys, say)
        old.carry_over(keys)
    audit.carry_over(lambda mark: carried_mark(mark, keys), keys.key_id, len(keys.chain))


def _rewrite(contracts: Mapping[ContractKey, Contract], lake: Path, keys: Keys, say: Say) -> None:
    with duckdb.connect() as connection:
        for contract in contracts.values():
            if tokens(contract):
                say(f"Carrying over the tokens of {contract.platform}/{contract.dataset} …")
                with writing(lake, contract):
                    for file in landed_contents(lake, contract).values():
                        _rewrite_file(connection, contract, file, scratch_folder(lake, contract), keys)


def _rewrite_file(
    connection: duckdb.DuckDBPyConnection, contract: Contract, file: Path, scratch: Path, keys: Keys
) -> None:
    """Tokens of the pepper before are replaced; those that are new already, and plain values, stay."""
    rows = f"read_parquet({literal(str(file))}, hive_partitioning = false)"
    present = {name for name, *_ in connection.execute(f"describe select * from {rows}").fetchall()}
    names = [name for name in tokens(contract) if name in present]
    before = key_id(keys.chain[-2])
    each = " union ".join(f"select {name} as cell from {rows} where {name} like '{before}:%'" for name in names)
    old = [cell for (cell,) in connection.execute(each).fetchall()] if names else []
    if old:
        new = [BETWEEN.join(map(keys.carried, cell.split(BETWEEN))) for cell in old]
        connection.register("carried", pa.table({"old": old, "new": new}))
        replaced = ", ".join(f"coalesce((select new from carried where old = {n}), {n}) as {n}" for n in names)
        write(connection, f"select * replace ({replaced}) from {rows}", file, scratch)
        connection.unregister("carried")

"""Forgets a person everywhere, and proves it: `siyu forget`.

Belongs here: the order of things. First the marks, so that no later row comes back; then lake, deliveries, vault, lists
and traces; then all tables from nothing; at last the proof. Every step may be done again, so one broken off is
completed by the same command. Does not: how a step is done, and printing (`cli.py`).
"""

from dataclasses import dataclass, replace
from pathlib import Path

from orchestration.audit import Audit
from orchestration.extract.contracts import load_contracts
from orchestration.forgetting.inbox import DELETED, Inbox
from orchestration.forgetting.lake import erase_from_lake
from orchestration.forgetting.person import ForgettingError, Person, Request
from orchestration.forgetting.proof import left_of, write_proof
from orchestration.forgetting.published import (
    erase_from_lists,
    pages_about,
    remove_replays,
    remove_traces,
    write_pages_anew,
)
from orchestration.forgetting.rebuilding import RunDay, Say, build_anew
from orchestration.forgetting.resolving import resolve
from orchestration.privacy.pepper import vault_of
from orchestration.privacy.sealing import derived, seal, unseal
from orchestration.privacy.vault import Vault
from orchestration.publish.recipients import kept_numbers
from orchestration.settings import Settings

UNKNOWN = "Nobody here is known by this id. Nothing was changed."


@dataclass(frozen=True)
class Proof:
    """What was removed and what is left, by place. `problems` is empty where nothing is left."""

    file: Path
    removed: dict[str, int]
    left: dict[str, int]
    problems: tuple[str, ...]


def forget(settings: Settings, text: str, run_day: RunDay, say: Say) -> Proof:
    """Forgets whoever `TYPE:VALUE` names. `run_day` builds and publishes a business day."""
    request, audit = Request.of(text), Audit(settings.audit_file)
    if not settings.lake.exists():
        raise ForgettingError(UNKNOWN)
    vault = vault_of(settings, audit)
    mark = request.mark(vault.keys)
    person = _unfinished(audit, vault, mark) or _with_phones(_found(settings, request, audit, vault), vault, audit)
    audit.begin_forgetting(mark, _sealed(vault, mark, person), person.marks(vault.keys))
    say("Removing the person's rows from the lake, the delivered files, the vault and the lists …")
    removed = _erase(settings, audit, vault, person, say)
    pages = pages_about(settings, person)
    problems = build_anew(settings, audit, person, run_day, say)
    write_pages_anew(settings, pages)
    left = left_of(person, settings, audit, vault.keys)
    problems += tuple(f"{count} left in {place}" for place, count in left.items() if count)
    file = settings.audit_file.parent / "forgotten" / f"{mark[:16]}.json"
    write_proof(settings, file, {"removed": removed, "left": left}, request.kind)
    if not problems:
        audit.end_forgetting(mark, file.name)
    return Proof(file, removed, left, problems)


def _found(settings: Settings, request: Request, audit: Audit, vault: Vault) -> Person:
    contracts = load_contracts(settings.contract_directories)
    person = resolve(request, contracts, settings.lake, settings.catalogue, vault.keys)
    if not person.is_nobody:
        return person
    if audit.query("select 1 from forgettings where request = ?", [request.mark(vault.keys)]):
        return request.as_person(vault.keys)  # forgotten before: what was delivered since may name them again
    raise ForgettingError(UNKNOWN)


def _with_phones(person: Person, vault: Vault, audit: Audit) -> Person:
    """Files that were handed out hold the number itself, or a plain hash of it; once forgotten, nobody can tell."""
    return replace(person, phones=kept_numbers(vault, audit, person.tokens, "forget", "to find a person in lists"))


def _sealed(vault: Vault, mark: str, person: Person) -> bytes:
    return seal(derived(vault.keys.chain[-1], "forgetting"), person.as_json(), mark)


def _unfinished(audit: Audit, vault: Vault, mark: str) -> Person | None:
    """Whom a command that was broken off was about to forget: in the lake there may be nothing left to find them by."""
    rows = audit.query("select sealed from forgettings where request = ? and sealed is not null", [mark])
    sealed = rows[0]["sealed"] if rows else None
    text = unseal(derived(vault.keys.chain[-1], "forgetting"), sealed, mark) if isinstance(sealed, bytes) else None
    return Person.from_json(text) if text else None


def _erase(settings: Settings, audit: Audit, vault: Vault, person: Person, say: Say) -> dict[str, int]:
    contracts = load_contracts(settings.contract_directories)
    rows, files = erase_from_lake(contracts, settings.lake, audit, vault.keys)
    delivered = Inbox(settings.inbox, contracts, audit, vault.keys, person).erase()
    for file, count in delivered.items():
        say(f"{file}: " + ("deleted, since nothing of it was loaded" if count == DELETED else f"{count} rows emptied"))
    list_rows, lists = erase_from_lists(settings.audiences, person)
    return {
        "rows of the lake": rows,
        "files of the lake": files,
        "rows of delivered files": sum(count for count in delivered.values() if count > 0),
        "delivered files emptied of rows": sum(count > 0 for count in delivered.values()),
        "refused files deleted": sum(count == DELETED for count in delivered.values()),
        "people in the vault": vault.forget(person.tokens),
        "rows of lists": list_rows,
        "lists": lists,
        "replays": remove_replays(settings.replays, person),
        "results of checks": audit.blank_results(person.words),
        "logs and scratch files": remove_traces(settings, person),
    }

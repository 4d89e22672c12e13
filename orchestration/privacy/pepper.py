"""Where the pepper comes from: `SIYU_PEPPER`, the file that `SIYU_PEPPER_FILE` names, or one made on first need.

Belongs here: reading and making it, and refusing a pepper that is not the one of the stored tokens.
Does not: tokens (`keys.py`). The pepper is never logged, and stands in no file but its own.
"""

import os
import secrets
from pathlib import Path

from orchestration.audit import Audit
from orchestration.privacy.keys import SHORTEST, Keys, PepperError, key_id
from orchestration.privacy.vault import Vault, replaced_peppers
from orchestration.settings import Settings

MADE = "Made {file}: without this pepper no later delivery can be joined with today's. Keep a copy of it elsewhere."


def vault_of(settings: Settings, audit: Audit) -> Vault:
    """The vault with the keys for new tokens, booked on first use; none while tokens are carried to another pepper."""
    if settings.next_pepper.exists():
        raise PepperError("a rotation was broken off: run `siyu rotate-pepper` again, which completes it.")
    return present_vault(settings, audit)


def present_vault(settings: Settings, audit: Audit) -> Vault:
    """Only the pepper of the stored tokens will do."""
    booked, generation = audit.token_key() or (None, 1)
    pepper = _given(settings) or _own(settings, booked)
    if booked and key_id(pepper) != booked:
        raise PepperError(
            f"wrong pepper: its key id is {key_id(pepper)}, but the stored tokens carry {booked}. Set SIYU_PEPPER or "
            f"SIYU_PEPPER_FILE to the pepper {booked}. Nothing was read or changed."
        )
    chain = (*replaced_peppers(settings.vault_file, pepper), pepper)
    if len(chain) != generation:
        raise PepperError(
            f"{settings.vault_file} does not hold the {generation - 1} peppers that were replaced: put back the copy "
            "that was made after the last rotation. Nothing was read or changed."
        )
    audit.book_key(key_id(pepper), generation)
    return Vault(settings.vault_file, Keys(chain))


def refuse_wrong_pepper(settings: Settings) -> None:
    """Stops a run before it begins, where tokens are stored and the pepper is not theirs."""
    audit = Audit(settings.audit_file)
    if audit.token_key():
        vault_of(settings, audit)


def _given(settings: Settings) -> bytes | None:
    if settings.pepper:
        return _checked(settings.pepper.get_secret_value().encode(), "SIYU_PEPPER")
    if settings.pepper_file:
        try:
            return pepper_in(settings.pepper_file)
        except OSError as error:
            raise PepperError(f"SIYU_PEPPER_FILE={settings.pepper_file}: {error.strerror}. Correct the path.") from None
    return None


def _own(settings: Settings, booked: str | None) -> bytes:
    """The installation's own pepper; never a new one where tokens of another are stored."""
    file = settings.own_pepper
    if not file.exists():
        if booked:
            raise PepperError(
                f"the pepper {booked} is missing: {file} is gone and neither SIYU_PEPPER nor SIYU_PEPPER_FILE is set. "
                "Put the copy that you kept there, or set one of them. Nothing was read or changed."
            )
        file.parent.mkdir(parents=True, exist_ok=True)
        file.parent.chmod(0o700)
        make_pepper(file)
    return pepper_in(file)


def pepper_in(file: Path) -> bytes:
    return _checked(file.read_bytes().strip(), str(file))


def make_pepper(file: Path, pepper: bytes | None = None) -> None:
    """Appears whole and once, also where two processes need it at the same moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write((pepper or secrets.token_hex(32).encode()) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _checked(pepper: bytes, place: str) -> bytes:
    if len(pepper) < SHORTEST:
        raise PepperError(f"{place} holds {len(pepper)} characters; a pepper has at least {SHORTEST}.")
    return pepper

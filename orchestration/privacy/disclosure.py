"""The only way to a plain phone number: for a delivery, and never without a line in the access log.

Belongs here: reading values out of the vault. Imported by `orchestration/publish` and by nothing else.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from orchestration.audit import Audit, VaultAccess
from orchestration.privacy.sealing import unseal
from orchestration.privacy.vault import Vault, opened

AT_ONCE = 500


def plain_values(vault: Vault, audit: Audit, tokens: Collection[str], reader: str, purpose: str) -> dict[str, str]:
    """Token → plain value, for those that the vault still has. The log says who, for what, how many, before anything is
    read: a reader killed meanwhile has left a line."""
    wanted = sorted(set(tokens))
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    audit.record_access(VaultAccess(read_at=moment, reader=reader, purpose=purpose, token_count=len(wanted)))
    found: dict[str, str] = {}
    with opened(vault.file) as connection:
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            rows = connection.execute(
                "select person, data_key, sealed from people inner join phones using (person) "
                f"where person in ({', '.join('?' * len(some))})",
                some,
            )
            for person, wrapped, sealed in rows:
                key = vault.unwrapped(person, wrapped)
                value = unseal(key, sealed, person) if key else None
                if value is not None:
                    found[person] = value.decode()
    return found

"""What it takes to hand lists out: the business's rules, the book, the vault, the keys that tell the forgotten.

Belongs here: putting these together from an installation. Does not: using them.
"""

from dataclasses import dataclass
from functools import cached_property

from orchestration.audit import Audit
from orchestration.privacy.keys import Keys
from orchestration.privacy.pepper import vault_of
from orchestration.privacy.vault import Vault
from orchestration.publish.channels import Rules, rules
from orchestration.publish.recipients import Phones
from orchestration.settings import Settings


@dataclass(frozen=True)
class Means:
    """Without a vault nobody has a phone."""

    rules: Rules
    audit: Audit
    keys: Keys | None = None
    vault: Vault | None = None

    @cached_property
    def phones(self) -> Phones:
        return Phones(self.vault, self.audit)


def means_of(settings: Settings) -> Means:
    """Where no token is stored there is neither pepper nor vault, and no need of one."""
    audit = Audit(settings.audit_file)
    vault = vault_of(settings, audit) if audit.token_key() else None
    return Means(rules(), audit, vault.keys if vault else None, vault)

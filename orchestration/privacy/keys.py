"""The keyed hash (HMAC-SHA256) that stands for an identifier wherever it is stored or compared.

Belongs here: what a token is, and which key it names. Does not: where the key comes from (`pepper.py`), and which
columns are personal (the contracts).
"""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from orchestration.privacy.sealing import derived

TOKEN = r"[0-9a-f]{8}:[0-9a-f]{64}"
BETWEEN = ";"  # the tokens of a cell that names several
TOKENS = f"{TOKEN}(?:{BETWEEN}{TOKEN})*"
SHORTEST = 32


class PepperError(ValueError):
    """The pepper cannot be used; the message says why and what to do, and never holds it."""


@dataclass(frozen=True, repr=False)
class Keys:
    """The present pepper, after those that it replaced, oldest first.

    Every key hashes what the one before it gave. So tokens can be carried to a new key without the plain values, and
    whoever knows the replaced keys only can recompute none of them.
    """

    chain: tuple[bytes, ...]

    @cached_property
    def key_id(self) -> str:
        return key_id(self.chain[-1])

    @property
    def salts(self) -> tuple[str, ...]:
        """What is hashed before an id that is compared in SQL, in the order of the chain."""
        return tuple(derived(key, "forgotten").hex() for key in self.chain)

    def carried(self, token: str) -> str:
        """The token that these keys give where the keys before them gave this one."""
        return f"{self.key_id}:{hmac.digest(self.chain[-1], token.partition(':')[2].encode(), 'sha256').hex()}"

    def token(self, value: str) -> str:
        """The same token for the same identifier, whatever its width, case or leading apostrophe."""
        digest = unicodedata.normalize("NFKC", value).lstrip("'").casefold()
        for key in self.chain:
            digest = hmac.digest(key, digest.encode(), "sha256").hex()
        return f"{self.key_id}:{digest}"


def key_id(key: bytes) -> str:
    """Names a key without giving it away."""
    return hmac.digest(key, b"siyu key id", "sha256").hex()[:8]


def is_token(text: str) -> bool:
    return re.fullmatch(TOKEN, text) is not None

"""Encryption of small values: AES-GCM, bound to what they belong to.

Belongs here: the one cipher, and keys derived from a pepper. Does not: where sealed values are kept (`vault.py`).
"""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


def derived(pepper: bytes, purpose: str) -> bytes:
    """A key for one purpose; it gives away neither the pepper nor a key for another."""
    return hmac.digest(pepper, f"siyu {purpose}".encode(), "sha256")


def new_key() -> bytes:
    return AESGCM.generate_key(256)


def seal(key: bytes, value: bytes, owner: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, value, owner.encode())


def unseal(key: bytes, sealed: bytes, owner: str) -> bytes | None:
    """The value; None where the key or the owner is another, or the bytes were changed."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], owner.encode())
    except InvalidTag:
        return None

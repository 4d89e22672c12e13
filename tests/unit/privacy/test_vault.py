"""What the vault holds can be read by a delivery only, until its key is destroyed."""

import sqlite3
import stat
from pathlib import Path

import pytest

from orchestration.audit import Audit
from orchestration.privacy.disclosure import plain_values
from orchestration.privacy.keys import Keys
from orchestration.privacy.vault import Vault, replaced_peppers

OLD, NEW = b"o" * 32, b"n" * 32
PHONES = ("13900000001", "13900000002")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    vault = Vault(tmp_path / "vault" / "vault.sqlite", Keys((OLD,)))
    vault.store({vault.keys.token(phone): phone for phone in PHONES})
    return vault


def read(vault: Vault) -> dict[str, str]:
    tokens = [vault.keys.token(phone) for phone in PHONES]
    return plain_values(vault, Audit(vault.file.parent / "audit.sqlite"), tokens, "publish", "campaign c1")


def test_values_come_back_to_a_reader_and_every_reading_is_logged_without_them(vault: Vault) -> None:
    assert sorted(read(vault).values()) == sorted(PHONES)
    audit = vault.file.parent / "audit.sqlite"
    (access,) = Audit(audit).query("select reader, purpose, token_count from vault_accesses")
    assert access == {"reader": "publish", "purpose": "campaign c1", "token_count": 2}
    assert not any(phone.encode() in file.read_bytes() for file in vault.file.parent.iterdir() for phone in PHONES)


def test_the_file_is_its_owners(vault: Vault) -> None:
    assert stat.S_IMODE(vault.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(vault.file.parent.stat().st_mode) == 0o700


def test_storing_again_changes_nothing(vault: Vault) -> None:
    before = sqlite3.connect(vault.file).execute("select * from people natural join phones").fetchall()
    vault.store({vault.keys.token(PHONES[0]): PHONES[0]})
    assert sqlite3.connect(vault.file).execute("select * from people natural join phones").fetchall() == before


def test_a_forgotten_person_is_gone_and_the_bytes_too(vault: Vault) -> None:
    token = vault.keys.token(PHONES[0])
    assert vault.forget([token]) == 1 and vault.forget([token]) == 0
    assert list(read(vault).values()) == [PHONES[1]]
    assert token.encode() not in vault.file.read_bytes()


def test_another_pepper_opens_nothing(vault: Vault) -> None:
    assert read(Vault(vault.file, Keys((NEW,)))) == {}


def test_a_new_pepper_takes_everything_over_and_the_old_one_opens_nothing_any_more(vault: Vault) -> None:
    keys = Keys((OLD, NEW))
    vault.carry_over(keys)
    assert sorted(read(Vault(vault.file, keys)).values()) == sorted(PHONES)
    assert read(vault) == {}
    assert replaced_peppers(vault.file, NEW) == [OLD] and replaced_peppers(vault.file, OLD) == []
    assert keys.carried(vault.keys.token("x")) == keys.token("x")

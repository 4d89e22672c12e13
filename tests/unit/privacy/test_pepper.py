"""A pepper is given or made once, is nobody else's to read, and never gives way to another unnoticed."""

import stat
from pathlib import Path

import pytest

from orchestration.audit import Audit
from orchestration.privacy.keys import Keys, PepperError, is_token, key_id
from orchestration.privacy.pepper import refuse_wrong_pepper, vault_of
from orchestration.settings import Settings

ONE, OTHER = "a pepper for tests, 32 characters.", "another pepper for tests, 32 chars"


def installation(home: Path, **given: object) -> tuple[Settings, Audit]:
    settings = Settings(home=home, **given)  # type: ignore[arg-type]
    return settings, Audit(settings.audit_file)


@pytest.mark.parametrize("same", ["Card-１", "'card-1", "CARD-1"])
def test_a_token_is_the_same_for_the_same_identifier_and_names_its_key(same: str) -> None:
    keys = Keys((b"k" * 32,))
    assert keys.token(same) == keys.token("card-1") != Keys((b"j" * 32,)).token("card-1")
    assert is_token(keys.token(same)) and keys.token(same).startswith(f"{key_id(b'k' * 32)}:")


def test_a_pepper_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings, audit = installation(tmp_path)
    assert vault_of(settings, audit).keys.token("x") == vault_of(settings, audit).keys.token("x")
    assert stat.S_IMODE(settings.own_pepper.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.vault.stat().st_mode) == 0o700
    assert settings.own_pepper.read_bytes().strip() not in settings.audit_file.read_bytes()


def test_a_given_pepper_leaves_no_file(tmp_path: Path) -> None:
    settings, audit = installation(tmp_path / "home", pepper=ONE)
    file = tmp_path / "pepper"
    file.write_text(f"{ONE}\n")
    assert vault_of(settings, audit).keys == vault_of(*installation(tmp_path / "home", pepper_file=file)).keys
    assert not settings.vault.exists()


def test_another_pepper_is_refused_with_both_names(tmp_path: Path) -> None:
    vault_of(*installation(tmp_path, pepper=ONE))
    other, _ = installation(tmp_path, pepper=OTHER)
    with pytest.raises(PepperError) as refused:
        refuse_wrong_pepper(other)
    assert key_id(ONE.encode()) in str(refused.value) and key_id(OTHER.encode()) in str(refused.value)
    assert OTHER not in str(refused.value)


def test_a_lost_pepper_is_not_replaced(tmp_path: Path) -> None:
    settings, audit = installation(tmp_path)
    vault_of(settings, audit)
    settings.own_pepper.unlink()
    with pytest.raises(PepperError, match="missing"):
        vault_of(settings, audit)
    assert not settings.own_pepper.exists()


@pytest.mark.parametrize("given", [{"pepper": "short"}, {"pepper_file": "/nowhere/pepper"}])
def test_a_pepper_that_cannot_be_used_is_refused(tmp_path: Path, given: dict[str, object]) -> None:
    with pytest.raises(PepperError):
        vault_of(*installation(tmp_path, **given))


def test_an_installation_without_tokens_asks_for_no_pepper(tmp_path: Path) -> None:
    refuse_wrong_pepper(installation(tmp_path)[0])
    assert not (tmp_path / "vault").exists()

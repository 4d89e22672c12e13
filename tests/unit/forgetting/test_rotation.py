"""Another pepper: every token is carried over, what comes later has the same, and the old pepper is worth nothing."""

from pathlib import Path

import pytest

from orchestration import rotation
from orchestration.privacy.disclosure import plain_values
from orchestration.privacy.keys import Keys, PepperError, key_id
from orchestration.privacy.pepper import refuse_wrong_pepper, vault_of
from orchestration.rotation import rotate
from orchestration.settings import Settings
from tests.unit.forgetting.conftest import IDENTIFIERS, OTHER, PHONE, SECOND, SHARED, Home

GIVEN = "a pepper that is given, 32 letters"


@pytest.fixture
def shop(home: Home) -> Home:
    cells = [f"a,phone,{PHONE}", f"b,phone,{OTHER}", "a,card_no,card-1", "c,phone,139****0000"]
    home.put("identifiers", "identifiers.csv", IDENTIFIERS, *cells)
    home.land()
    home.forget("account:generic/default/b")
    vault = vault_of(home.settings, home.audit)
    vault.store({vault.keys.token(SHARED): SHARED})
    return home


def turn(home: Home, to: Path | None = None) -> None:
    assert rotate(home.settings, to, lambda day: (), lambda line: None) == ()


def test_tokens_of_before_and_after_are_equal_and_name_the_new_pepper(shop: Home) -> None:
    before = vault_of(shop.settings, shop.audit).keys
    turn(shop)
    turn(shop)
    keys = vault_of(shop.settings, shop.audit).keys
    assert len(keys.chain) == 3 and keys.key_id != before.key_id
    shop.put("identifiers", "later.csv", IDENTIFIERS, f"d,phone,{PHONE}", f"e,phone,{OTHER}", day=SECOND)
    landed = shop.land(SECOND)["identifiers"]
    assert (landed.rows_loaded, landed.rows_forgotten) == (1, 1), "who was forgotten stays so"
    tokens = {value for (value,) in shop.lake("identifiers", "id_value") if value}
    assert tokens == {keys.token(PHONE), "card-1"}


def test_the_vault_is_carried_over(shop: Home) -> None:
    turn(shop)
    vault = vault_of(shop.settings, shop.audit)
    assert plain_values(vault, shop.audit, [vault.keys.token(SHARED)], "publish", "c1") == {
        vault.keys.token(SHARED): SHARED
    }


def test_the_old_pepper_alone_gives_no_token(shop: Home) -> None:
    old = vault_of(shop.settings, shop.audit).keys.chain[-1]
    turn(shop)
    given = Settings(home=shop.settings.home, pepper=old.decode())  # type: ignore[arg-type]
    with pytest.raises(PepperError, match=key_id(old)):
        refuse_wrong_pepper(given)
    assert (Keys((old,)).token(PHONE),) not in shop.lake("identifiers", "id_value")


@pytest.mark.parametrize("step", ["_rewrite", "_rewrite_file", "build_anew", "carry_over"])
def test_broken_off_it_is_completed_by_the_same_command(shop: Home, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*((type(shop.audit), step) if step == "carry_over" else (rotation, step)), killed)
        with pytest.raises(KeyboardInterrupt):
            turn(shop)
    if step != "build_anew":
        with pytest.raises(PepperError, match="broken off"):
            refuse_wrong_pepper(shop.settings)
        turn(shop)
    keys = vault_of(shop.settings, shop.audit).keys
    assert len(keys.chain) == 2 and (keys.token(PHONE),) in shop.lake("identifiers", "id_value")


def test_a_pepper_that_is_given_is_replaced_by_one_in_a_file(tmp_path: Path) -> None:
    home = Home(Settings(home=tmp_path / "home", pepper=GIVEN))  # type: ignore[arg-type]
    home.put("identifiers", "identifiers.csv", IDENTIFIERS, f"a,phone,{PHONE}")
    home.land()
    with pytest.raises(PepperError, match="--to FILE"):
        turn(home)
    turn(home, tmp_path / "new")
    later = Home(Settings(home=tmp_path / "home", pepper_file=tmp_path / "new"))
    assert (vault_of(later.settings, later.audit).keys.token(PHONE),) in later.lake("identifiers", "id_value")
    assert not later.settings.own_pepper.exists() and not later.settings.next_pepper.exists()


def test_without_tokens_there_is_nothing_to_rotate(home: Home) -> None:
    with pytest.raises(PepperError, match="nothing to rotate"):
        turn(home)

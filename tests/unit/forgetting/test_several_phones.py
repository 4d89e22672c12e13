"""A cell that names several phones has a token for each, by any of which the person is found and forgotten."""

import pytest

from orchestration.privacy.pepper import vault_of
from orchestration.rotation import rotate
from tests.unit.forgetting.conftest import OTHER, PHONE, SECOND, SHARED, Home

CUSTOMERS = "external_userid,userid,createtime,remark_mobiles"


@pytest.fixture
def shop(home: Home) -> Home:
    """Cara has two numbers, of which Anna has one too; Dora has a number and a masked one."""
    home.platform = "wecom"
    cells = [f"cara,lili,1704135845,{PHONE};{SHARED}", f"anna,lili,1704135845,{SHARED}"]
    home.put("customers", "a.csv", CUSTOMERS, *cells, f"dora,lili,1704135845,{OTHER}、139****0000")
    assert home.land()["customers"].rows_loaded == 3
    return home


def noted(shop: Home) -> dict[str, list[str]]:
    return {str(name): str(cell).split(";") for name, cell in shop.lake("customers", "account_id, mobile")}


def test_each_phone_has_the_token_that_it_has_elsewhere(shop: Home) -> None:
    token = vault_of(shop.settings, shop.audit).keys.token
    assert noted(shop) == {"anna": [token(SHARED)], "cara": [token(PHONE), token(SHARED)], "dora": [token(OTHER)]}


def test_who_is_named_by_one_of_them_is_forgotten_and_nobody_else(shop: Home) -> None:
    proof = shop.forget(f"phone:{PHONE}")
    assert not proof.problems and not any(proof.left.values())
    assert noted(shop).keys() == {"anna", "dora"}
    later = [f"cara-new,lili,1704135845,{OTHER};{PHONE}", f"anna-new,lili,1704135845,{SHARED}"]
    shop.put("customers", "later.csv", CUSTOMERS, *later, day=SECOND)
    landed = shop.land(SECOND)["customers"]
    assert (landed.rows_loaded, landed.rows_forgotten) == (1, 1)


def test_all_of_them_are_carried_over_to_another_pepper(shop: Home) -> None:
    assert rotate(shop.settings, None, lambda day: (), lambda line: None) == ()
    test_each_phone_has_the_token_that_it_has_elsewhere(shop)

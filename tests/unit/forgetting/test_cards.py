"""A card of a shop in town names its holder to the platforms too, where nothing else may."""

import pytest

from tests.unit.forgetting.conftest import OTHER, PHONE, SECOND, Home

CARDS = "shop_id,卡号,手机号,入会时间,状态"
TOLD = "shop_id,out_member_id,phone,open_id,status,gmt_modified"
AT = "2024-01-02 10:00:00"


@pytest.fixture
def shop(home: Home) -> Home:
    """Tmall was told of the cards of cara and dora; of cara's it says no more than the number."""
    home.platform = "pos"
    home.put("members", "cards.csv", CARDS, f"s1,card-cara,{PHONE},{AT},正常", f"s1,card-dora,{OTHER},{AT},正常")
    assert home.land()["members"].rows_loaded == 2
    home.platform = "tmall"
    home.put(
        "recognised_members", "told.csv", TOLD, f"t1,card-cara,139****5670,,1,{AT}", f"t1,card-dora,,open-dora,1,{AT}"
    )
    assert home.land()["recognised_members"].rows_loaded == 2
    return home


@pytest.mark.parametrize("named", [f"phone:{PHONE}", "card_no:card-cara", "account:pos/s1/card-cara"])
def test_what_a_platform_was_told_of_a_card_goes_with_its_holder(shop: Home, named: str) -> None:
    proof = shop.forget(named)
    assert not proof.problems and not any(proof.left.values())
    assert shop.lake("recognised_members", "out_member_id") == [("card-dora",)]
    assert not any(shop.mentions("card-cara")) and any(shop.mentions("card-dora"))
    shop.put("recognised_members", "again.csv", TOLD, f"t1,card-cara,,,0,{AT}", f"t1,card-new,,,0,{AT}", day=SECOND)
    landed = shop.land(SECOND)["recognised_members"]
    assert (landed.rows_loaded, landed.rows_forgotten) == (1, 1)

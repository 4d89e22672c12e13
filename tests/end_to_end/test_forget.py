"""A person who asks is forgotten everywhere, stays so whatever is delivered later, and is proved to be gone."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from demo import canaries
from tests.conftest import Installation
from tests.search import places_not_looked_at, told_of

pytestmark = pytest.mark.long

FIRST, SECOND = date(2024, 3, 1), date(2024, 3, 2)
PHONE, SHARED = "13912345670", "13912345671"
LINES = "order_id,order_line_id,account_id,product_id,quantity,paid_amount,order_status,created_at"
AT = "2024-03-01 10:00:00"
CONSENTS = "platform,account_id,purpose,granted_at"
# What says who cara is: in the app, at the till, on Douyin. Anna has a number that once was cara's.
CARA = ("cara-app", "cara-till", "cara-open", "union-cara", "order-cara", "line-cara", "69200000000000000", PHONE)
OTHERS = ("anna-app", "dora-app", "order-anna", "line-anna", SHARED)
DOUYIN = {
    "主订单编号": "6920000000000000011",
    "子订单编号": "6920000000000000012",
    "商品数量": "1",
    "订单应付金额": "10.00",
    "订单提交时间": AT,
    "订单状态": "待支付",
    "doudian_open_id": "cara-open",
    "收件人": canaries.NAMES[0],
    "收件人手机号": canaries.PHONES[2],
    "详细地址": canaries.ADDRESSES[0],
    "买家留言": canaries.REMARKS[2].replace(",", "，"),
}
PLANTED = (PHONE, *(DOUYIN[name] for name in ("收件人", "收件人手机号", "详细地址", "买家留言")))
ORDERS = [
    LINES,
    f"order-anna,line-anna,anna-app,p1,1,100.00,paid,{AT}",
    f"order-cara,line-cara,cara-app,p1,1,70.00,placed,{AT}",
    f"order-cara-odd,line-cara-odd,cara-app,p1,1,not a price,placed,{AT}",
    "a row that is cut short: cara-app",
]
DELIVERIES = {
    "generic/order_lines/2024-03-01/orders.csv": ORDERS,
    "generic/refunds/2024-03-01/refunds.csv": [
        "refund_id,order_line_id,refund_amount,refund_status",
        "r1,line-cara,20.00,closed",
    ],
    "generic/identifiers/2024-03-01/identifiers.csv": [
        "platform,account_id,id_type,id_value,valid_from",
        f"generic,cara-app,phone,+86 {PHONE},2024-01-01",
        f"generic,cara-till,phone,{PHONE},2024-01-01",
        f"douyin,cara-open,phone,{PHONE},2024-01-01",
        "generic,cara-app,union_id,union-cara,2024-01-01",
        f"generic,cara-app,phone,{SHARED},2023-01-01",
        f"generic,anna-app,phone,{SHARED},2024-01-01",
    ],
    "generic/members/2024-03-01/members.csv": [
        "account_id,joined_at",
        *(f"{n},{AT}" for n in ("cara-app", "dora-app")),
    ],
    "generic/consents/2024-03-01/consents.csv": [
        CONSENTS,
        *(f"generic,{name},marketing_message,{AT}" for name in ("cara-app", "cara-till", "dora-app")),
        f"douyin,cara-open,marketing_message,{AT}",
    ],
    "generic/events/2024-03-01/events.csv": [
        "account_id,event_type,occurred_at,related_account_id",
        f"dora-app,invite,{AT},cara-app",
    ],
    "generic/campaigns/2024-03-01/plan.csv": [
        "campaign_id,template,start_date,end_date,holdout_ratio",
        "WELCOME,new_members_without_purchase,2024-03-01,2024-03-31,0",
    ],
    "douyin/orders/2024-03-01/orders.csv": [",".join(DOUYIN), ",".join(DOUYIN.values())],
}


def put(home: Path, name: str, lines: list[str]) -> None:
    file = home / "inbox" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n")


def listed(home: Path) -> str:
    return (home / "published" / "audiences" / "WELCOME" / str(FIRST) / "members.csv").read_text()


@pytest.fixture(scope="module")
def shop(install: Callable[..., Installation]) -> Installation:
    """A day, with a list that cara is on."""
    installation = install(SIYU_START_DATE=str(FIRST))
    for name, lines in DELIVERIES.items():
        put(installation.home, name, lines)
    installation.siyu("run", "--day", str(FIRST))
    return installation


def test_what_is_personal_stays_in_the_delivered_files(shop: Installation) -> None:
    assert list(told_of(shop.home, PLANTED, besides=["inbox"])) == []
    assert places_not_looked_at(shop.home, besides=["inbox"]) == set()
    assert {word for _, word in told_of(shop.home / "inbox", PLANTED)} == set(PLANTED)
    assert "cara-" in listed(shop.home) and "dora-app" in listed(shop.home)


def test_who_is_not_known_or_not_named_clearly_is_not_forgotten(shop: Installation) -> None:
    before = shop.hashes()
    assert (
        shop.siyu("forget", "--id", "phone:13900007777", expect=1)
        == "Nobody here is known by this id. Nothing was changed.\n"
    )
    assert "customer:KEY" in shop.siyu("forget", "--id", f"phone:{SHARED}", expect=1)
    assert shop.hashes() == before


def test_a_person_is_forgotten_and_nobody_else(shop: Installation) -> None:
    printed = shop.siyu("forget", "--id", f"phone:{PHONE}")
    assert list(told_of(shop.home, (*CARA, *PLANTED))) == [] and not any(word in printed for word in CARA)
    assert places_not_looked_at(shop.home) == set()
    assert {word for _, word in told_of(shop.home, OTHERS)} == set(OTHERS)
    assert {account for (account,) in shop.rows("select account_id from marts.customer_accounts")} == {
        "anna-app",
        "dora-app",
    }
    assert "dora-app" in listed(shop.home) and "cara-" not in listed(shop.home)
    manifest = json.loads(
        (shop.home / "published" / "audiences" / "WELCOME" / str(FIRST) / "manifest.json").read_text()
    )
    assert (manifest["rows"], manifest["forgotten"]) == (1, 1)
    assert shop.siyu("verify").endswith("All of it is as it was written.\n")


def test_later_deliveries_do_not_bring_them_back(shop: Installation) -> None:
    put(
        shop.home,
        f"generic/order_lines/{SECOND}/orders.csv",
        [*ORDERS[:3], f"order-dora,line-dora,dora-app,p1,1,5.00,paid,{AT}"],
    )
    put(
        shop.home,
        f"generic/identifiers/{SECOND}/identifiers.csv",
        [
            *DELIVERIES["generic/identifiers/2024-03-01/identifiers.csv"],
            "generic,dora-app,card_no,card-dora,2024-01-01",
        ],
    )
    shop.siyu("run", "--day", str(SECOND))
    assert list(told_of(shop.home, (*CARA, *PLANTED), besides=["inbox"])) == []
    counted = shop.rows(
        f"select dataset, rows_loaded, rows_forgotten from audit.deliveries where delivery_date = '{SECOND}' order by 1"
    )
    assert counted == [("identifiers", 2, 5), ("order_lines", 2, 1)]
    assert shop.siyu("verify").endswith("All of it is as it was written.\n")


def test_another_pepper_changes_no_customer_and_no_figure(shop: Installation) -> None:
    """Phones have other tokens, hence other keys; whom they join, and all that follows, stays. The old key is gone."""
    before, pepper = shop.hashes(), (shop.home / "vault" / "pepper").read_bytes()
    phones = "select account_key, valid_from, refused_reason from marts.customer_identifiers order by all"
    keys, held = _tokens_told(shop), shop.rows(phones)
    shop.siyu("rotate-pepper")
    after = shop.hashes()
    assert {name for name in before if before[name] != after[name]} == {"marts.customer_identifiers"}
    assert shop.rows(phones) == held
    assert len(keys) == len(_tokens_told(shop)) == 1 and keys != _tokens_told(shop)
    assert list(told_of(shop.home, [pepper.decode().strip(), *(f"{key}:" for key in keys)])) == []
    put(shop.home, f"generic/identifiers/{SECOND}/again.csv", ["account_id,id_type,id_value", f"new-app,phone,{PHONE}"])
    shop.siyu("run", "--day", str(SECOND))
    [forgotten] = shop.rows("select rows_forgotten from audit.deliveries where file_name like '%again.csv'")
    assert forgotten == (1,)


def _tokens_told(shop: Installation) -> set[str]:
    """The names of the peppers of which the lake holds tokens."""
    lake = shop.home / "lake" / "generic" / "identifiers" / "**" / "*.parquet"
    tokens = duckdb.sql(f"select id_value from read_parquet('{lake}', union_by_name = true) where id_type = 'phone'")
    return {str(token).split(":")[0] for (token,) in tokens.fetchall()}

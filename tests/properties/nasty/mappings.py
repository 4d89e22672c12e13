"""Orders of Douyin that name no buyer, and the files that name them afterwards."""

from tests.properties.exports import member, own
from tests.properties.histories import Row
from tests.properties.nasty.writing import came, history, step, went
from tests.properties.platform_exports import douyin_line, douyin_refund


def douyin_account(order: str, account: str) -> Row:
    return {"主订单编号": own(order), "doudian_open_id": own(account)}


MAPPINGS = [
    history(
        "the buyer of an order is named later, then another one, then by the order itself",
        step(came("douyin/orders", "01-05", douyin_line("000001", "000001", None))),
        step(came("douyin/aftersales", "01-05", douyin_refund("000201", "000001", "000001"))),
        step(came("douyin/order_accounts", "01-06", douyin_account("000001", "a1"))),
        step(came("douyin/order_accounts", "01-12", douyin_account("000001", "a2"))),
        step(came("douyin/orders", "01-12", douyin_line("000001", "000001", "a3", amount="81.00"))),
    ),
    history(
        "a buyer is named before the order comes, and buys again",
        step(came("douyin/order_accounts", "01-05", douyin_account("000001", "a1"), douyin_account("000002", "a1"))),
        step(came("douyin/orders", "01-06", douyin_line("000001", "000001", None))),
        step(came("douyin/orders", "01-12", douyin_line("000002", "000002", None), douyin_line("000003", "000003"))),
    ),
]
MAPPINGS_GONE = [
    history(
        "the file that named a buyer is taken back, after an older one and before a newer",
        step(
            came("douyin/orders", "01-05", douyin_line("000001", "000001", None), douyin_line("000002", "000002")),
            came("members", "01-05", member("a1")),
            came("douyin/order_accounts", "01-05", douyin_account("000001", "a1"), name="kept"),
        ),
        step(came("douyin/order_accounts", "01-06", douyin_account("000001", "a2"))),
        step(went("douyin/order_accounts", "01-06")),
        step(came("douyin/order_accounts", "01-12", douyin_account("000001", "a4"))),
    ),
]

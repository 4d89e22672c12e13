"""The exports of Tmall and Douyin, whose lines are put together from several files."""

from tests.properties.nasty.writing import came, history, step, went
from tests.properties.platform_exports import (
    douyin_line,
    douyin_refund,
    tmall_detail,
    tmall_item,
    tmall_order,
    tmall_refund,
)

PLATFORMS = [
    history(
        "Tmall: the order list, its lines later, then the item export of the same order",
        step(came("tmall/orders", "01-05", tmall_order("000001"), tmall_order("000002", "a2"))),
        step(came("tmall/order_details", "01-06", tmall_detail("000001"), tmall_detail("000001", "p2", "25.00"))),
        step(came("tmall/items", "01-12", tmall_item("000101", "000001"), tmall_item("000102", "000002"))),
    ),
    history(
        "Tmall: lines before their order, the order's buyer and amount restated, more lines in a later export",
        step(came("tmall/order_details", "01-05", tmall_detail("000001"), tmall_detail("000001"))),
        step(came("tmall/refunds", "01-05", tmall_refund("000201", "000001"))),
        step(came("tmall/orders", "01-06", tmall_order("000001"))),
        step(came("tmall/orders", "01-12", tmall_order("000001", "a2", amount="33.33", shop="12"))),
        step(came("tmall/order_details", "02-10", *[tmall_detail("000001", f"p{n}") for n in (1, 2, 3)])),
    ),
    history(
        "Tmall: a refund of the whole order, over lines of shared amounts",
        step(
            came("tmall/orders", "01-05", tmall_order("000001", amount="100.01")),
            came("tmall/order_details", "01-05", tmall_detail("000001"), tmall_detail("000001", "p2")),
            came("tmall/refunds", "01-05", tmall_refund("000201", "000001", "p1", "80.00")),
        ),
        step(came("tmall/refunds", "01-06", tmall_refund("000202", "000001", "p2", "80.00"))),
        step(came("tmall/orders", "01-12", tmall_order("000001", paid=None, status="等待买家付款"))),
    ),
    history(
        "Douyin: what is known only the next day, a buyer named late, an order closed",
        step(
            came("douyin/orders", "01-05", douyin_line("000001", "000001", None, traffic_format="数据将于第二天更新"))
        ),
        step(came("douyin/aftersales", "01-05", douyin_refund("000201", "000001", "000001"))),
        step(came("douyin/orders", "01-06", douyin_line("000001", "000001", "a1", influencer="77"))),
        step(came("douyin/orders", "01-12", douyin_line("000001", "000002", "a2", status="已关闭", influencer="77"))),
        step(came("douyin/aftersales", "01-12", douyin_refund("000201", "000001", "000001", status="售后关闭"))),
    ),
]

MOVED = came(
    "tmall/items",
    "01-12",
    tmall_item("000101", "000002"),
    tmall_item("000103", "000004"),
    tmall_item("000005", "000006"),
)
OTHER_ORDERS = [
    history(
        "Tmall: sub-orders move to other orders, and move back when the delivery that moved them is taken back",
        step(
            came("tmall/orders", "01-05", tmall_order("000003", "a2"), tmall_order("000005", "a3")),
            came(
                "tmall/items",
                "01-05",
                tmall_item("000101", "000001"),
                tmall_item("000102", "000003"),
                tmall_item("000103", "000003"),
                tmall_item("000005", "000005"),
            ),
            came(
                "tmall/refunds", "01-05", tmall_refund("000201", "000001", "55"), tmall_refund("000202", "000005", "55")
            ),
        ),
        step(MOVED),
        step(came("tmall/order_details", "01-13", tmall_detail("000005"), tmall_detail("000003"))),
        step(dict.fromkeys(MOVED)),
    ),
    history(
        "Tmall: a sub-order moves to another order, then that delivery turns out to be the older one",
        step(came("tmall/items", "01-06", tmall_item("000101", "000001"))),
        step(came("tmall/items", "01-12", tmall_item("000101", "000002"))),
        step(went("tmall/items", "01-12"), came("tmall/items", "01-05", tmall_item("000101", "000002"))),
    ),
    history(
        "Tmall: the classic order list and its lines are taken back, one after the other",
        step(
            came("tmall/orders", "01-05", tmall_order("000001"), tmall_order("000002", "a2")),
            came("tmall/order_details", "01-05", tmall_detail("000001"), tmall_detail("000001", "p2")),
        ),
        step(came("tmall/orders", "01-12", tmall_order("000001", "a3", amount="70.00"))),
        step(went("tmall/orders", "01-12"), came("tmall/orders", "01-04", tmall_order("000001", "a3", amount="70.00"))),
        step(went("tmall/order_details", "01-05")),
        step(went("tmall/orders", "01-05")),
    ),
]

OTHER_SHOPS = [
    history(
        "Douyin: lines and refunds come again under another shop folder, which is taken back",
        step(
            came(
                "douyin/orders",
                "01-05",
                *[douyin_line(f"00000{n}", "000001", influencer="77") for n in (1, 2)],
                shop="s1",
            ),
            came("douyin/aftersales", "01-05", douyin_refund("000201", "000001", "000001"), shop="s1"),
        ),
        step(came("douyin/orders", "01-06", douyin_line("000001", "000001", influencer="77"), shop="s2")),
        step(came("douyin/aftersales", "01-06", douyin_refund("000201", "000001", "000001"), shop="s2")),
        step(came("douyin/orders", "01-12", douyin_line("000002", "000002"), shop="s2")),
        step(went("douyin/aftersales", "01-06", shop="s2"), went("douyin/orders", "01-06", shop="s2")),
    ),
    history(
        "Tmall: sub-orders and refunds come again under another shop folder, which is taken back",
        step(
            came("tmall/items", "01-05", *[tmall_item(f"00010{n}", "000001") for n in (1, 2)], shop="11"),
            came("tmall/refunds", "01-05", tmall_refund("000201", "000001", "55"), shop="11"),
        ),
        step(came("tmall/items", "01-06", tmall_item("000101", "000001"), shop="12")),
        step(came("tmall/refunds", "01-06", tmall_refund("000201", "000001", "55"), shop="12")),
        step(came("tmall/items", "01-12", tmall_item("000102", "000002"), shop="12")),
        step(came("tmall/orders", "01-12", tmall_order("000001", shop="13"))),
        step(went("tmall/items", "01-06", shop="12"), went("tmall/refunds", "01-06", shop="12")),
    ),
]

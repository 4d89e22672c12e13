"""Made-up rows of each export: few keys, few days and few words, so that rows meet, contradict and overtake each other.

Belongs here: which cells are drawn, each from a short list, first the plainest. Does not: what a row looks like
(`exports.py`, `platform_exports.py`), and what becomes of it (`strategies.py`).
"""

from hypothesis import strategies as st

from tests.properties import exports, platform_exports
from tests.properties.histories import Row

one = st.sampled_from

LINES, ORDERS, ACCOUNTS, SHOPS = ["l1", "l2", "l3", "l4"], ["o1", "o2", "o3"], ["a1", "a2", "a3"], ["s1", "s2", ""]
NUMBERS = ["000001", "000002", "000003"]
PHONES, UNIONS, CARDS = ["0001", "0002"], ["u1", "u2"], ["c1", "c2", "c3"]
AMOUNTS = ["100.00", "30.00", "0.00", "99.99", "250.00"]
EVENTS = ["01-03", "01-04", "01-11", "02-09", "04-30"]
VERSIONS = [None, "01-04", "01-12", "05-31"]

accounts, accounts_or_none = one(ACCOUNTS), one([*ACCOUNTS, None])
events, events_or_none, versions = one(EVENTS), one([*EVENTS, None]), one(VERSIONS)

ROWS: dict[str, st.SearchStrategy[Row]] = {
    "generic/order_lines": st.builds(
        exports.line,
        one(LINES),
        one(ORDERS),
        accounts_or_none,
        shop=one(SHOPS),
        product=one(["p1", "p2", "p3"]),
        paid=events_or_none,
        amount=one(AMOUNTS),
        status=one(["paid", "completed", "placed", "closed"]),
        created=events,
        updated=versions,
        kind=one(["", "sample", "gift"]),
        influencer=one([None, "i1", "i2"]),
        quantity=one(["1", "2"]),
    ),
    "generic/refunds": st.builds(
        exports.refund,
        one(["r1", "r2", "r3"]),
        one([*LINES, "never"]),
        one(["30.00", "100.00", "0.00", "500.00"]),
        shop=one(SHOPS),
        status=one(["succeeded", "pending", "closed"]),
        kind=one(["", "return", "exchange", "price_protection"]),
        applied=events_or_none,
        refunded=events_or_none,
        updated=versions,
    ),
    "generic/members": st.builds(
        exports.member,
        accounts,
        one(["01-02", "01-04", "02-08"]),
        events_or_none,
        shop=one(SHOPS),
        level=one(["gold", "none"]),
        channel=one(["", "store"]),
        updated=versions,
    ),
    "generic/consents": st.builds(
        exports.consent,
        accounts,
        one(["01-01", "01-12", None]),
        one([None, "01-04", "02-09"]),
        platform=one(["", "douyin"]),
        shop=one(SHOPS),
        channel=one(["", "sms", "douyin_sms"]),
        purpose=one(["marketing_message", "profiling"]),
    ),
    "generic/identifiers": st.one_of(
        *(
            st.builds(
                exports.identifier,
                accounts,
                one(values),
                st.just(kind),
                one([None, "01-04", "02-09"]),
                one([None, "01-11", "04-30"]),
                shop=one([*SHOPS, "11"]),
                platform=one(["", "", "tmall", "douyin", "jd"]),
            )
            for kind, values in {"phone": PHONES, "union_id": UNIONS, "card_no": CARDS}.items()
        )
    ),
    "generic/events": st.one_of(
        st.builds(
            exports.event,
            accounts,
            one(["browse", "cart", "live_watch", "group_join", "group_leave", "coupon_claim", "coupon_use"]),
            events,
            about=one(["p1", "p2"]),
            shop=one(SHOPS),
        ),
        st.builds(exports.event, accounts, st.just("level_change"), events, about=one(["silver", "gold"])),
    ),
    "generic/points": st.builds(
        exports.points,
        one(["e1", "e2", "e3"]),
        accounts,
        one(["100", "-40", "-100", "10"]),
        events,
        reason=one(["order", "refund", "expiry", "gift"]),
        order=one([*ORDERS, None]),
    ),
    "generic/touches": st.builds(
        exports.touch, one(["t1", "t2"]), accounts, events, shop=one(SHOPS), status=one(["sent", "failed"])
    ),
    "generic/products": st.builds(
        exports.product,
        one(["p1", "p2"]),
        one(["sample", "regular"]),
        one([None, "p2", "p3"]),
        platform=one(["", "douyin"]),
        name=one(["", "cup"]),
    ),
    "generic/influencers": st.builds(
        exports.influencer, one(["i1", "i2"]), one(["", "one", "two"]), one(["", "yes"]), platform=one(["", "douyin"])
    ),
    "generic/campaigns": st.builds(
        exports.campaign,
        one(["c1", "c2"]),
        one(["new_members_without_purchase", "sample_to_full_size"]),
        end=one(["12-31", "01-31"]),
        priority=one(["", "1"]),
        channel=one(["", "sms", "douyin_sms"]),
        holdout=one(["0", "0.5"]),
        max_days=one(["", "200"]),
        products=one(["", "~p1", "~p2;~p3"]),
    ),
    "tmall/orders": st.builds(
        platform_exports.tmall_order,
        one(NUMBERS),
        accounts_or_none,
        amount=one(["100.00", "33.34"]),
        status=one(["买家已付款，等待卖家发货", "交易成功", "交易关闭"]),
        paid=events_or_none,
        shop=one(["11", "12"]),
    ),
    "tmall/order_details": st.builds(
        platform_exports.tmall_detail, one(NUMBERS), one(["p1", "p2"]), one(["50.00", "0.00", "16.67"]), one(["1", "3"])
    ),
    "tmall/items": st.builds(
        platform_exports.tmall_item,
        one(NUMBERS),
        one(NUMBERS),
        one(["1", "2"]),
        amount=one(AMOUNTS),
        paid=events_or_none,
    ),
    "tmall/refunds": st.builds(
        platform_exports.tmall_refund,
        one(NUMBERS),
        one(NUMBERS),
        one(["p1", "p2"]),
        one(["20.00", "90.00"]),
        status=one(["退款成功", "退款关闭"]),
    ),
    "douyin/orders": st.builds(
        platform_exports.douyin_line,
        one(NUMBERS),
        one(NUMBERS),
        accounts_or_none,
        amount=one(AMOUNTS),
        status=one(["已发货", "已关闭"]),
        paid=events_or_none,
        influencer=one([None, "77"]),
        kind=one(["普通订单", "达人买样"]),
    ),
    "douyin/aftersales": st.builds(
        platform_exports.douyin_refund,
        one(NUMBERS),
        one(NUMBERS),
        one(NUMBERS),
        one(["20.00", "300.00"]),
        status=one(["退款成功", "售后关闭", "待商家处理"]),
        kind=one(["仅退款", "退货退款", "换货"]),
    ),
    "douyin/members": st.builds(
        platform_exports.douyin_member, accounts, one([None, *PHONES]), one([None, *UNIONS]), events
    ),
    "jd/orders": st.builds(
        platform_exports.jd_row,
        one(NUMBERS),
        one(["55", "56"]),
        one([*ACCOUNTS, "jd_****"]),
        amount=one(AMOUNTS),
        price=one(["50.00", "25.00"]),
        status=one(["等待出库", "完成", "(删除)等待出库", "等待付款"]),
        paid=events_or_none,
    ),
    "youzan/orders": st.builds(
        platform_exports.youzan_order,
        one(NUMBERS),
        one(["cup(1件)", "cup(1件),plate(2件)", "plate"]),
        one(["139~0001", "139~0002", "139****0001"]),
        amount=one(AMOUNTS),
        status=one(["待发货", "已完成", "已关闭"]),
    ),
    "pos/members": st.builds(
        platform_exports.card, one(CARDS), one([None, *PHONES]), one(["正常", "被合并", "销户"]), one([None, *CARDS])
    ),
}

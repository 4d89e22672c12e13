"""Campaigns whose lists are of people: members, groups, guides, cards, and orders that wait."""

from tests.properties.exports import (
    campaign,
    consent,
    identifier,
    influencer,
    line,
    member,
    moment,
    own,
    product,
    refund,
)
from tests.properties.histories import Row
from tests.properties.nasty.writing import MONTHS, came, history, step, went
from tests.properties.platform_exports import card, douyin_member, jd_row, tmall_member

TEMPLATES: dict[str, dict[str, str]] = {
    "sleeping_members": {"silent_days": "20"},
    "buyers_not_members": {"window_days": "20"},
    "offline_recognition": {},
    "festival_members_without_purchase": {"group_ids": own("g1")},
    "group_tiers": {"channel": "wecom"},
    "vip_multi_channel": {"member_levels": "gold", "channels": "guide;official_account;sms"},
    "guide_daily_list": {"min_days": "3", "max_days": "30"},
    "unpaid_orders": {"max_days": "9"},
    "parcel_notes": {"remark": "gift", "product_ids": own("p1"), "max_days": "30"},
}
CAMPAIGNS = [{**campaign(template, template), **parameters} for template, parameters in TEMPLATES.items()]


def event(account: str, kind: str, on: str, what: str = "g1") -> Row:
    return {
        "shop_id": "s1",
        "account_id": own(account),
        "event_type": kind,
        "occurred_at": moment(on),
        "object_id": own(what),
    }


def friend(account: str, guide: str, since: str, union: str | None = None) -> Row:
    """A WeCom friend; `since` is in seconds, 1767499200 is the 4th of January at noon."""
    return {
        "external_userid": own(account),
        "userid": guide,
        "type": "1",
        "createtime": since,
        "unionid": own(union),
    }


def picked(name: str, product_id: str, more: str = "order_count < 0") -> Row:
    """A free selection of whoever never bought the product, or of more."""
    return campaign(name, "free_selection", filter=f"product_id != '{own(product_id)}' or {more}")


LISTS = [
    history(
        "people are known later, orders are paid, shipped and dated anew, groups and shops are left",
        step(
            came("campaigns", "01-05", *CAMPAIGNS),
            came("members", "01-05", member("a1", birthday="1990-02-05"), member("a2"), member("a3", level="none")),
            came(
                "order_lines",
                "01-05",
                line("l1", "o1", "a1"),
                line("l2", "o2", "a2", paid=None, status="placed", created="01-04"),
                line("l3", "o3", "a4"),
                line("l4", "o4", None),
                line("l5", "o5", "a5", paid="01-11", status="completed", created="01-04"),
                line("l6", "o6", "a4"),
                line("l7", "o7", "a5"),
                line("l8", "o8", "a6", shipped="01-05", status="shipped"),
            ),
            came("events", "01-05", event("a1", "group_join", "01-03"), event("a3", "group_join", "01-04")),
            came("wecom/customers", "01-05", friend("w1", "anna", "1767499200", "u1")),
            came("pos/members", "01-05", card("k1", "0001"), card("k2", "0002")),
            asked=MONTHS,
        ),
        step(
            came("identifiers", "01-06", identifier("a1", "u1"), identifier("a4", "u4", since="01-08")),
            came(
                "order_lines",
                "01-06",
                line("l2", "o2", "a2", paid="01-05"),
                line("l4", "o4", None, status="shipped"),
                line("l6", "o6", "a4", shipped="01-06", status="shipped"),
                line("l7", "o7", "a5", ended="01-06", status="closed"),
                line("l8", "o8", "a6", shipped="01-06", status="shipped"),
            ),
            came("members", "01-06", member("a2", left="01-10"), member("a4", "01-11")),
            came("events", "01-06", event("a1", "browse", "01-30", "p9")),
            came("wecom/customers", "01-06", friend("w1", "bert", "1767758400", "u1")),
        ),
        step(
            came("identifiers", "01-07", identifier("q1", "u1", since="01-06", platform="official_account")),
            came(
                "order_lines",
                "01-07",
                line("l5", "o5", "a5", paid="01-11", status="completed", created="01-10", updated="01-11"),
                line("l6", "o6", "a4", shipped="01-05", ended="01-07", status="completed"),
                line("l7", "o7", "a5", status="closed"),
            ),
            came(
                "refunds", "01-07", refund("r1", "l1", "100.00", refunded="01-09"), refund("r3", "l3", refunded="01-20")
            ),
            came("members", "01-07", member("a1", birthday="1990-03-05")),
            came("events", "01-07", event("a3", "group_leave", "01-10")),
            came("pos/members", "01-07", card("k1", "0001", "被合并", "k2")),
        ),
    ),
    history(
        "levels and names of them come late, contradict each other, are taken back; members come back as one person",
        step(
            came("campaigns", "01-05", *CAMPAIGNS),
            came("members", "02-10", member("a1", updated="02-08"), member("a2", level="none", updated="02-08")),
            came(
                "tmall/members",
                "02-10",
                tmall_member("m1", "2", "01-03"),
                tmall_member("m2", "1"),
                tmall_member("m3", "2", "01-03"),
                tmall_member("m4", "2"),
            ),
            came("order_lines", "02-10", line("l1", "o1", "a1"), line("l2", "o2", "a2")),
            asked=MONTHS,
        ),
        step(
            came("members", "01-12", member("a1", level="none", updated="01-10"), member("a2", updated="01-04")),
            came(
                "tmall/members",
                "01-12",
                tmall_member("m1", "1", "01-03"),
                tmall_member("m2", "3"),
                tmall_member("m4", "1", name="gold"),
            ),
        ),
        step(
            came("members", "02-11", member("a1", level="black", updated="02-08"), member("a2", "02-20", level="none")),
            came(
                "tmall/members",
                "02-11",
                tmall_member("m1", "2", "01-03"),
                tmall_member("m2", "0"),
                tmall_member("m3", "0", "01-03"),
                tmall_member("m4", "2", name="gold"),
            ),
            came("events", "02-11", event("a1", "level_change", "01-20", "gold"), event("a2", "level_change", "01-02")),
        ),
        step(
            went("members", "02-11"),
            came("events", "02-10", event("a1", "level_change", "01-15", "none")),
            went("tmall/members", "02-11"),
            came("tmall/members", "02-10", tmall_member("m1", "3", "01-03"), name="b"),
        ),
        step(
            went("members", "01-12"),
            came("members", "03-01", member("a2", "02-20", updated="02-25")),
            came("identifiers", "03-01", identifier("a1", "u1"), identifier("a2", "u1", since="01-08")),
        ),
    ),
    history(
        "an account, an arm, a level and an order without payment turn out to be older or younger than the list",
        step(
            came(
                "campaigns",
                "01-05",
                {**campaign("far", "sleeping_members", channel="douyin_sms"), "silent_days": "5"},
                campaign("drawn", start="01-05", holdout="0.5", max_days="999"),
                campaign("unpaid", "unpaid_orders", max_days="9"),
            ),
            came("members", "01-05", member("a4", updated="01-05"), member("a7"), member("a8")),
            came("consents", "01-05", consent("a4"), consent("a7"), consent("a8")),
            came("order_lines", "01-05", line("l1", "o1", "a4", paid="01-02")),
            came("identifiers", "01-05", identifier("a4", "u4"), identifier("a7"), identifier("a8", since="01-03")),
            came("jd/orders", "01-05", jd_row("j1")),
            asked=MONTHS,
        ),
        step(
            came("douyin/members", "02-10", douyin_member("d4", union="u4", joined="02-08")),
            came("members", "02-10", member("a4", level="none", updated="01-11")),
            came("identifiers", "01-05", identifier("a4", "u4"), identifier("a7"), identifier("a8", since="01-08")),
            came("jd/orders", "01-06", jd_row("j2", "56", status="等待确认收货", paid=None)),
        ),
    ),
    history(
        "what campaigns name becomes known, and unknown again; a priority is taken by one, then by the other",
        step(
            came(
                "campaigns",
                "01-05",
                picked("sold", "p8"),
                picked("brought", "p1", f"influencer_id = '{own('i8')}'"),
                campaign("waits", "tag_overlay", base_campaign_id=own("sold"), variant_ratio="0"),
                {**campaign("gifts", "parcel_notes", products=own("p9"), max_days="30"), "remark": "gift"},
            ),
            came("campaigns", "01-06", campaign("late", "buyers_not_members", "01-10", priority="7"), name="b"),
            came(
                "campaigns", "01-07", campaign("wave", "buyers_not_members", "01-05", "02-20", priority="7"), name="c"
            ),
            came(
                "campaigns",
                "01-07",
                campaign("again", "promotion_wave_two", wave_one_campaign_id=own("wave")),
                name="d",
            ),
            came("consents", "01-05", consent("a1"), consent("a2"), consent("a3")),
            came("order_lines", "01-05", line("l1", "o1", "a1"), line("l2", "o2", "a2"), line("l3", "o3", None)),
            asked=MONTHS,
        ),
        step(
            came("order_lines", "02-11", line("l8", "o8", "a3", product="p8", paid="02-10", influencer="i8")),
            came("products", "02-11", product("p9")),
        ),
        step(
            came("order_lines", "01-13", line("l8", "o8", "a3", product="p8", paid="01-12", influencer="i8")),
            came("order_lines", "02-12", line("l8", "o8", "a3", product="p8", paid="01-11", influencer="i8")),
            came("campaigns", "01-08", campaign("late", "buyers_not_members", "01-10", priority="7"), name="e"),
        ),
        step(
            went("products", "02-11"),
            came("influencers", "02-12", influencer("i8")),
            came("campaigns", "01-05", campaign("late", "buyers_not_members", "01-10", priority="7"), name="f"),
        ),
        step(went("order_lines", "02-12"), went("order_lines", "02-11"), went("campaigns", "01-08", "e")),
    ),
    history(
        "levels and stores are named before anybody has them, and by nobody any more",
        step(
            came(
                "campaigns",
                "01-05",
                campaign("town", "offline_recognition", store_ids=own("z1")),
                campaign("black", "vip_multi_channel", member_levels=f"gold;{own('black')}", channels="sms"),
                campaign("levels", "free_selection", filter=f"member_level != '{own('none')}'"),
            ),
            came("pos/members", "01-05", card("k1", "0001")),
            came("members", "01-05", member("a1"), member("a2", "01-10")),
            asked=MONTHS,
        ),
        step(
            came("pos/members", "02-01", {**card("k2", "0002"), "入会门店": own("z1"), "入会时间": moment("01-20")}),
            came("members", "02-01", member("a2", "01-10", level=own("black"), updated="01-31")),
        ),
        step(
            came("pos/members", "02-02", {**card("k3", "0003"), "入会门店": own("z1"), "入会时间": moment("01-12")}),
            came(
                "members", "02-02", member("a3", "01-08", level=own("none")), member("a4", "01-09", level=own("black"))
            ),
        ),
        step(
            went("pos/members", "02-01"),
            came("pos/members", "02-03", {**card("k3", "0003", "销户"), "入会门店": own("z1")}),
            went("members", "02-02"),
        ),
    ),
]

# Alone, since whatever else changes makes the day between due too.
DAYS_APART = [
    history(
        "campaigns of two days change, and the day between them has none that does",
        step(
            came("campaigns", "01-05", *(campaign(f"c{day}", start=f"01-0{day}", end=f"01-0{day}") for day in "567")),
            came("members", "01-05", member("a1", "01-04"), member("a2", "01-03")),
            came("consents", "01-05", consent("a1")),
            asked="01-05 01-06 01-07",
        ),
        step(
            came(
                "campaigns",
                "01-06",
                *(
                    campaign(f"c{day}", start=f"01-0{day}", end=f"01-0{day}", holdout=holdout)
                    for day, holdout in (("5", "0.5"), ("6", "0"), ("7", "0.5"))
                ),
            ),
        ),
    )
]


def sample(more: str = "", **told: str) -> Row:
    return {**line(f"s{more}", "o1", "a1", product="p1", paid="01-03", influencer="i1"), **told}


# Alone for the same reason: nothing else of the days changes than what their lists tell of an order.
ORDERS_TOLD = [
    history(
        "what lists tell of an order comes late: format, names of the influencer, a dearer line that is not paid",
        step(
            came("campaigns", "01-05", campaign("full", "sample_to_full_size")),
            came("products", "01-05", product("p1", "sample", "p2"), product("p2")),
            came("consents", "01-05", consent("a1")),
            came("order_lines", "01-05", sample()),
            asked=MONTHS,
        ),
        step(came("order_lines", "01-06", sample(traffic_format="live", influencer_name="Mei"))),
        step(
            came(
                "order_lines",
                "01-07",
                sample("x", paid_at="", order_status="placed", list_amount="500", traffic_format="card"),
            ),
        ),
        step(came("order_lines", "01-08", sample("x", paid_at="", order_status="closed", list_amount="5"))),
        step(
            came(
                "order_lines",
                "01-09",
                {**sample("y", influencer_name="Lan"), "order_id": own("o2"), "account_id": own("a2")},
            )
        ),
        step(came("influencers", "01-10", influencer("i1", "Mei of the brand"))),
    )
]

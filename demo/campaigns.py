"""The brand's campaign plan: one campaign for each kind of list that its exports can fill.

Belongs here: which campaigns there are, on which days, with which parameters. Does not: who is on a list.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from demo.brand import Brand
from demo.catalogue import CODES, FULL_SIZE, INFLUENCERS, NEW, OWN_COUNT, PRODUCT_IDS, SAMPLES, SHOPS, TMALL
from demo.columns import Array

CAMPAIGN_DAYS = 90
SMS = "douyin_sms"


@dataclass(frozen=True)
class Campaign:
    """A row of the plan. It ends with the brand's last day; the first priority is the highest."""

    code: str
    template: str
    days: int = CAMPAIGN_DAYS
    channel: str = SMS
    goal_amount: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def listings() -> list[tuple[str, str, list[str]]]:
    """(platform, shop, the id of each product): Tmall's classic export names goods by merchant code, so both stand."""
    by_number = [(s.platform, s.shop_id, [str(number) for number in PRODUCT_IDS[s.index]]) for s in SHOPS]
    return [*by_number, (TMALL.platform, TMALL.shop_id, list(CODES))]


def ids_of(products: Array) -> str:
    """Every id under which these products are sold, as a list of the plan."""
    return ";".join(ids[i] for _, _, ids in listings() for i in products)


SAMPLE_LINES = {"product_ids": ids_of(SAMPLES), "full_size_product_ids": ids_of(FULL_SIZE[SAMPLES])}
GUEST_IDS = ";".join(str(influencer.uid) for influencer in INFLUENCERS[OWN_COUNT:])
# In the order of their priorities.
CAMPAIGNS = (
    Campaign("WELCOME", "new_members_without_purchase", goal_amount="20000.00", parameters={"max_days": "7"}),
    Campaign(
        "SAMPLE", "sample_to_full_size", goal_amount="30000.00",
        parameters={**SAMPLE_LINES, "min_days": "7", "max_days": "60"},
    ),
    Campaign(
        "LAUNCH", "associated_purchase", 14, goal_amount="50000.00",
        parameters={"product_ids": ids_of(NEW[:1]), "minimum_buyers": "3"},
    ),
    Campaign("NEWCOMER", "influencer_newcomers", 30, parameters={"influencer_ids": GUEST_IDS, "minimum_buyers": "3"}),
    Campaign("FESTIVAL", "festival_members_without_purchase", 10),
    Campaign("GUIDE", "guide_daily_list", 30, channel="guide", parameters={"top_count": "5", "silent_days": "90"}),
    Campaign("WAKE", "sleeping_members", 45, parameters={"silent_days": "45"}),
    Campaign("INVITE", "buyers_not_members", 21, parameters={"window_days": "180"}),
    Campaign(
        "PARCEL", "parcel_notes", channel="parcel",
        parameters={"influencer_ids": GUEST_IDS, "remark": "放入新品手册", "card_id": "CARD-01", "max_days": "3"},
    ),
)  # fmt: skip


def first_day(brand: Brand, days: int = CAMPAIGN_DAYS) -> date:
    return max(brand.calendar.first_day, brand.calendar.last_day - timedelta(days=days - 1))


def campaign_id(brand: Brand, code: str) -> str:
    return f"{code}-{brand.calendar.last_day.year}"


def plan(brand: Brand, day: date) -> list[dict[str, str]]:
    """The plan as first made, and as changed when the campaigns begin (the welcome window was shorter before)."""
    named = dict.fromkeys(name for campaign in CAMPAIGNS for name in campaign.parameters)
    rows = [
        {
            "campaign_id": campaign_id(brand, campaign.code),
            "template": campaign.template,
            "start_date": str(first_day(brand, campaign.days)),
            "end_date": str(brand.calendar.last_day),
            "channel": campaign.channel,
            "holdout_ratio": "0.1",
            "priority": str(priority),
            "goal_amount": campaign.goal_amount,
        }
        | {name: campaign.parameters.get(name, "") for name in named}
        for priority, campaign in enumerate(CAMPAIGNS, start=1)
    ]
    if day < first_day(brand):
        rows[0]["max_days"] = "5"
    return rows


def is_plan_day(brand: Brand, day: date) -> bool:
    return day in (brand.calendar.first_day, first_day(brand))

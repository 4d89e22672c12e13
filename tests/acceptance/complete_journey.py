"""The Complete Journey of 100 households as a shop would send it: lines, messages, coupons used, and the plan.

The set is real (dunnhumby, The Complete Journey; as packaged in completejourney, CC0); nothing in the product knows it.
"""

from pathlib import Path

import pandas as pd

DATA = Path(__file__).with_name("complete_journey_mini")


def lines() -> pd.DataFrame:
    """Every line, with what was paid for it in cents and its place in the basket as its id."""
    rows = pd.read_parquet(DATA / "transactions.parquet")
    place = rows.groupby("basket_id").cumcount() + 1
    return rows.assign(
        order_line_id=rows.basket_id.astype(str) + "-" + place.astype(str),
        cents=(rows.sales_value * 100).round().astype("int64"),
        day=rows.transaction_timestamp.dt.normalize(),
    )


def reference(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{name}.csv")


def deliver(inbox: Path, day: str) -> None:
    """All of it in one delivery."""
    for dataset, table in {
        "order_lines": _order_lines(),
        "touches": _touches(),
        "events": _coupon_uses(),
        "campaigns": _campaigns(),
    }.items():
        folder = inbox / "generic" / dataset / day
        folder.mkdir(parents=True)
        table.to_csv(folder / f"{dataset}.csv", index=False)


def _order_lines() -> pd.DataFrame:
    rows = lines()
    amounts = rows.cents.map(lambda cents: f"{cents / 100:.2f}")
    return pd.DataFrame(
        {
            "order_id": rows.basket_id,
            "order_line_id": rows.order_line_id,
            "account_id": rows.household_id,
            "product_id": rows.product_id,
            "quantity": rows.quantity,
            "paid_amount": amounts,
            "order_status": "completed",
            "created_at": rows.transaction_timestamp,
            "paid_at": rows.transaction_timestamp,
        }
    )


def _touches() -> pd.DataFrame:
    """A message at the campaign's start to each household that got it; the set has no receipts."""
    sent = reference("campaigns").merge(reference("campaign_descriptions"))
    return pd.DataFrame(
        {
            "touch_id": sent.campaign_id.astype(str) + "-" + sent.household_id.astype(str),
            "campaign_id": sent.campaign_id,
            "account_id": sent.household_id,
            "channel": "mail",
            "sent_at": sent.start_date + " 09:00:00",
        }
    )


def _coupon_uses() -> pd.DataFrame:
    used = reference("coupon_redemptions")
    return pd.DataFrame(
        {
            "account_id": used.household_id,
            "event_type": "coupon_use",
            "occurred_at": used.redemption_date + " 12:00:00",
            "field": used.campaign_id,
            "object_id": used.coupon_upc,
        }
    )


def _campaigns() -> pd.DataFrame:
    plan = reference("campaign_descriptions")
    return pd.DataFrame(
        {
            "campaign_id": plan.campaign_id,
            "template": "new_members_without_purchase",
            "start_date": plan.start_date,
            "end_date": plan.end_date,
        }
    )

"""The core marts by hand-written pandas: `python pandas_script.py LAKE OUT LAST_DAY`.

Amounts are whole cents while they are added up, so that no cent is lost and no column is of Python objects. Only the
columns that are needed are read.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

LINE = ["platform", "shop_id", "order_line_id"]
ORDER = ["platform", "shop_id", "order_id"]
ACCOUNT = ["platform", "shop_id", "account_id"]
AMOUNTS = ["paid_amount", "refunded_amount", "net_amount"]
OF_CUSTOMERS = ["is_member_at_order", "is_first_order"]
USED_UP = ["content_hash", "version_at", "delivery_date"]
UNUSED = frozenset({"line_number", "updated_at", "influencer_name"})


def raw(lake: Path, name: str, unused: frozenset[str] = frozenset()) -> pd.DataFrame:
    """The rows of every delivery, amounts in cents."""
    partitions = ds.partitioning(pa.schema([("delivery_date", pa.date32())]), flavor="hive")
    files = ds.dataset(lake / "generic" / name, partitioning=partitions)
    wanted = {field.name: ds.field(field.name) for field in files.schema if field.name not in unused}
    for field in files.schema:
        if pa.types.is_decimal(field.type) and field.name in wanted:
            wanted[field.name] = pc.round(ds.field(field.name).cast(pa.float64()) * 100.0).cast(pa.int64())
    frame = files.to_table(columns=wanted).to_pandas(self_destruct=True, split_blocks=True)
    frame["delivery_date"] = pd.to_datetime(frame["delivery_date"]).astype("datetime64[us]")
    return frame


def latest(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The highest version of each key: most keys come once, so only those that come again are ranked."""
    repeated = rows.loc[rows.duplicated(key, keep=False), [*key, *USED_UP]]
    version = repeated.assign(version_at=repeated["version_at"].fillna(repeated["delivery_date"]))
    ranked = version.sort_values(["version_at", "delivery_date", "content_hash"])
    outdated = ranked.index[ranked.duplicated(key, keep="last")]
    return rows.drop(index=outdated, columns=USED_UP)


def valued(lines: pd.DataFrame) -> pd.DataFrame:
    """What was paid when, and of which kind a line is."""
    is_sold = lines["order_status"].isin(["paid", "shipped", "completed"])
    lines["paid_at"] = lines["paid_at"].where(~is_sold | lines["paid_at"].notna(), lines["created_at"])
    kind = lines["order_kind"].fillna("normal")
    lines["order_kind"] = kind.mask((kind == "normal") & (lines["paid_amount"] == 0), "zero_price")
    lines["list_amount"] = lines["list_amount"].fillna(lines["paid_amount"]).astype("int64")
    lines["paid_amount"] = lines["paid_amount"].where(lines["paid_at"].notna(), 0)
    lines["is_valid"] = (lines["order_kind"] == "normal") & lines["paid_at"].notna()
    lines["paid_date"] = lines["paid_at"].dt.normalize()
    return lines


def counted_refunds(refunds: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Refunds that moved money, in order of time, never more than was paid for the line."""
    is_of_money = refunds["refund_type"].fillna("refund_only").isin(["refund_only", "return", "price_protection"])
    successful = refunds[(refunds["refund_status"] == "succeeded") & (refunds["refund_amount"] > 0) & is_of_money]
    paid = lines.loc[lines["paid_at"].notna(), [*LINE, "account_id", "paid_amount", "paid_at"]]
    matched = successful.merge(paid, on=LINE)
    moved_at = matched["refunded_at"].fillna(matched["updated_at"]).fillna(matched["applied_at"])
    matched["moved_at"] = moved_at.fillna(matched["paid_at"]).clip(lower=matched["paid_at"])
    matched = matched.sort_values(["moved_at", "refund_id"])
    before = matched.groupby(LINE, sort=False)["refund_amount"].cumsum() - matched["refund_amount"]
    left = (matched["paid_amount"] - before).clip(lower=0)
    return matched.assign(counted_amount=np.minimum(matched["refund_amount"], left))


def bought_as_members(lines: pd.DataFrame, members: pd.DataFrame) -> pd.Index:
    """The lines whose account was a member when they were created; who joins again had left."""
    members = members.sort_values("joined_at")
    next_joined = members.groupby(ACCOUNT, sort=False)["joined_at"].shift(-1)
    left_at = members["left_at"].fillna(pd.Timestamp.max.as_unit("us"))
    periods = members[[*ACCOUNT, "joined_at"]].assign(left_at=left_at.where(~(next_joined < left_at), next_joined))
    named = lines.loc[lines["account_id"].notna(), [*ACCOUNT, "created_at"]].reset_index(names="line")
    pairs = named.merge(periods, on=ACCOUNT)
    is_within = (pairs["joined_at"] <= pairs["created_at"]) & (pairs["left_at"] > pairs["created_at"])
    return pd.Index(pairs.loc[is_within, "line"].unique())


def order_lines(lines: pd.DataFrame, refunds: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    refunded = refunds.groupby(LINE, sort=False)["counted_amount"].sum().rename("refunded_amount").reset_index()
    lines = lines.merge(refunded, on=LINE, how="left")
    lines["refunded_amount"] = lines["refunded_amount"].fillna(0).astype("int64")
    lines["net_amount"] = lines["paid_amount"] - lines["refunded_amount"]
    lines["is_fully_refunded"] = (lines["paid_amount"] > 0) & (lines["net_amount"] <= 0)
    lines["is_member_at_order"] = lines.index.isin(bought_as_members(lines, members))
    bought = lines.loc[lines["is_valid"] & lines["account_id"].notna(), [*ACCOUNT, "order_id", "paid_at"]]
    earliest = bought.groupby(ACCOUNT, sort=False)["paid_at"].idxmin()
    first = bought.loc[earliest, ORDER].assign(is_first_order=True)
    lines = lines.merge(first, on=ORDER, how="left")
    lines["is_first_order"] = lines["is_first_order"].eq(True) & lines["is_valid"]
    lines[OF_CUSTOMERS] = lines[OF_CUSTOMERS].astype("boolean").where(lines["account_id"].notna())
    return lines


def orders(lines: pd.DataFrame) -> pd.DataFrame:
    sums = lines[["quantity", *AMOUNTS]].where(lines["is_valid"], 0)
    columns = lines[[*ORDER, "account_id", "is_valid", *OF_CUSTOMERS, "paid_at"]]
    prepared = pd.concat([columns, sums], axis=1)
    prepared["valid_paid_at"] = lines["paid_at"].where(lines["is_valid"])
    by_order = prepared.groupby(ORDER, sort=False)
    found = by_order[["quantity", *AMOUNTS]].sum()
    found["line_count"] = by_order.size()
    found["account_id"] = by_order["account_id"].first()
    found[["is_valid", *OF_CUSTOMERS]] = by_order[["is_valid", *OF_CUSTOMERS]].any()
    found[OF_CUSTOMERS] = found[OF_CUSTOMERS].where(found["account_id"].notna())
    times = by_order[["valid_paid_at", "paid_at"]].min()
    found["paid_at"] = times["valid_paid_at"].fillna(times["paid_at"])
    found["paid_date"] = found["paid_at"].dt.normalize()
    found["is_fully_refunded"] = found["is_valid"] & (found["net_amount"] <= 0)
    return found.reset_index()


def customer_rfm(orders: pd.DataFrame, refunds: pd.DataFrame, last_day: pd.Timestamp) -> pd.DataFrame:
    first_day = last_day - pd.Timedelta(days=364)
    inside = orders[
        orders["is_valid"] & orders["account_id"].notna() & orders["paid_date"].between(first_day, last_day)
    ]
    counted = inside[inside["net_amount"] > 0].groupby(ACCOUNT, sort=False)
    values = counted.agg(
        last_paid_date=("paid_date", "max"),
        order_count=("order_id", "size"),
        purchase_day_count=("paid_date", "nunique"),
        net_amount=("net_amount", "sum"),
        quantity=("quantity", "sum"),
    )
    values["recency_days"] = (last_day - values.pop("last_paid_date")).dt.days
    values["paid_amount"] = inside.groupby(ACCOUNT, sort=False)["paid_amount"].sum()
    is_asked_back = refunds["refund_type"].ne("price_protection") & refunds["account_id"].notna()
    is_inside = refunds["moved_at"].dt.normalize().between(first_day, last_day)
    asked_back = refunds[is_asked_back & is_inside].groupby(ACCOUNT, sort=False).size()
    values["refund_count"] = asked_back.reindex(values.index, fill_value=0)
    values["average_items_per_order"] = values.pop("quantity") / values["order_count"]
    scored = {"r": -values["recency_days"], "f": values["order_count"], "m": values["net_amount"]}
    for name, value in scored.items():
        values[f"{name}_score"] = np.ceil(5 * (value.rank(method="max") / len(values))).astype("int64")
    high = {name: values[f"{name}_score"] >= 4 for name in scored}
    worth = np.where(high["m"], "important", "general")
    state = np.select(
        [high["r"] & high["f"], high["r"], high["f"]], ["_value", "_develop", "_recall"], default="_retain"
    )
    values["rfm_segment"] = pd.Series(worth, values.index) + pd.Series(state, values.index)
    return values.reset_index()


def sales_daily(lines: pd.DataFrame) -> pd.DataFrame:
    key = ["platform", "shop_id", "business_date"]
    valid = lines[lines["is_valid"]].rename(columns={"paid_date": "business_date"})
    by_day = valid.groupby(key, sort=False)
    sales = by_day[["quantity", *AMOUNTS]].sum()
    sales["order_count"] = by_day["order_id"].nunique()
    sales["line_count"] = by_day.size()
    sales["buyer_count"] = by_day["account_id"].nunique()
    refunded = valid[valid["refunded_amount"] > 0].groupby(key, sort=False)["order_id"].nunique()
    new = valid[valid["is_first_order"]].groupby(key, sort=False)["account_id"].nunique()
    sales["refunded_order_count"] = refunded.reindex(sales.index, fill_value=0)
    sales["new_buyer_count"] = new.reindex(sales.index, fill_value=0)
    return sales.reset_index()


def write(frame: pd.DataFrame, file: Path) -> None:
    """Cents become yuan on their way out."""
    amounts = [name for name in frame.columns if name.endswith("_amount")]
    frame.assign(**{name: frame[name] / 100 for name in amounts}).to_parquet(file, index=False)


def main(lake: Path, out: Path, last_day: pd.Timestamp) -> None:
    lines = valued(latest(raw(lake, "order_lines", UNUSED), LINE))
    refunds = counted_refunds(latest(raw(lake, "refunds"), ["platform", "shop_id", "refund_id"]), lines)
    lines = order_lines(lines, refunds, latest(raw(lake, "members"), [*ACCOUNT, "joined_at"]))
    write(lines, out / "order_lines.parquet")
    write(sales_daily(lines), out / "sales_daily.parquet")
    by_order = orders(lines)
    del lines
    write(by_order, out / "orders.parquet")
    write(customer_rfm(by_order, refunds, last_day), out / "customer_rfm.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), pd.Timestamp(sys.argv[3]))

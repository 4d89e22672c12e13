"""The core marts by hand-written Polars: `python polars_script.py LAKE OUT LAST_DAY`.

Lazy from Parquet to Parquet, on the streaming engine where it serves; `order_lines` is written first and is what the
other marts are made of.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl

LINE = ["platform", "shop_id", "order_line_id"]
ORDER = ["platform", "shop_id", "order_id"]
ACCOUNT = ["platform", "shop_id", "account_id"]
YUAN = pl.Decimal(18, 2)
USED_UP = ["content_hash", "line_number", "version_at", "delivery_date", "updated_at", "influencer_name"]


def raw(lake: Path, name: str) -> pl.LazyFrame:
    return pl.scan_parquet(lake / "generic" / name / "*" / "*.parquet", hive_partitioning=True)


def latest(rows: pl.LazyFrame, key: list[str]) -> pl.LazyFrame:
    """The highest version of each key: most keys come once, so only those that come again are ranked."""
    version = [pl.coalesce("version_at", pl.col("delivery_date").cast(pl.Datetime("us"))), "delivery_date"]
    repeated = rows.group_by(key).agg(pl.len().alias("copies")).filter(pl.col("copies") > 1)
    ranked = rows.select(*key, "content_hash", "version_at", "delivery_date").join(repeated, on=key, how="semi")
    newest_first = ranked.sort(*version, "content_hash", descending=True)
    outdated = newest_first.filter(pl.int_range(pl.len()).over(key) > 0)
    return rows.join(outdated, on=[*key, "content_hash"], how="anti")


def valued(lines: pl.LazyFrame) -> pl.LazyFrame:
    """What was paid when, and of which kind a line is."""
    is_sold = pl.col("order_status").is_in(["paid", "shipped", "completed"])
    kind, free = pl.col("order_kind").fill_null("normal"), pl.lit(0).cast(YUAN)
    return lines.with_columns(
        pl.when(is_sold).then(pl.coalesce("paid_at", "created_at")).otherwise("paid_at").alias("paid_at"),
        pl.when((kind == "normal") & (pl.col("paid_amount") == free)).then(pl.lit("zero_price")).otherwise(kind)
        .alias("order_kind"),
        pl.coalesce("list_amount", "paid_amount").alias("list_amount"),
    ).with_columns(
        pl.when(pl.col("paid_at").is_null()).then(free).otherwise("paid_amount").alias("paid_amount"),
        (pl.col("order_kind").eq("normal") & pl.col("paid_at").is_not_null()).alias("is_valid"),
        pl.col("paid_at").dt.date().alias("paid_date"),
    )  # fmt: skip


def counted_refunds(refunds: pl.LazyFrame, lines: pl.LazyFrame) -> pl.DataFrame:
    """Refunds that moved money, in order of time, never more than was paid for the line."""
    successful = refunds.filter(
        pl.col("refund_status").eq("succeeded")
        & (pl.col("refund_amount") > pl.lit(0).cast(YUAN))
        & pl.col("refund_type").fill_null("refund_only").is_in(["refund_only", "return", "price_protection"])
    )
    paid = lines.filter(pl.col("paid_at").is_not_null()).select(*LINE, "account_id", "paid_amount", "paid_at")
    moved_at = pl.max_horizontal(pl.coalesce("refunded_at", "updated_at", "applied_at"), "paid_at")
    matched = successful.join(paid, on=LINE).with_columns(moved_at.alias("moved_at")).sort("moved_at", "refund_id")
    before = pl.col("refund_amount").cum_sum().over(LINE) - pl.col("refund_amount")
    left = pl.max_horizontal(pl.col("paid_amount") - before, pl.lit(0).cast(YUAN))
    return matched.with_columns(pl.min_horizontal("refund_amount", left).cast(YUAN).alias("counted_amount")).collect()


def bought_as_members(lines: pl.LazyFrame, members: pl.LazyFrame) -> pl.LazyFrame:
    """The lines whose account was a member when they were created; who joins again had left."""
    next_joined = pl.col("joined_at").sort().shift(-1).over(ACCOUNT, order_by="joined_at")
    periods = members.select(*ACCOUNT, "joined_at", pl.min_horizontal("left_at", next_joined).alias("left_at"))
    pairs = lines.select(*LINE, "account_id", "created_at").join(periods, on=ACCOUNT)
    is_within = pl.col("left_at").is_null() | (pl.col("left_at") > pl.col("created_at"))
    return pairs.filter((pl.col("joined_at") <= pl.col("created_at")) & is_within).select(LINE).unique()


def order_lines(lines: pl.LazyFrame, refunds: pl.DataFrame, members: pl.LazyFrame) -> pl.LazyFrame:
    refunded = refunds.lazy().group_by(LINE).agg(pl.col("counted_amount").sum().alias("refunded_amount"))
    first = (
        lines.filter(pl.col("is_valid") & pl.col("account_id").is_not_null())
        .group_by(ACCOUNT)
        .agg(pl.col("order_id").get(pl.col("paid_at").arg_min()).alias("first_order_id"))
    )
    as_member = bought_as_members(lines, members).with_columns(pl.lit(True).alias("is_member_at_order"))
    refunded_amount = pl.col("refunded_amount").fill_null(pl.lit(0).cast(YUAN))
    return (
        lines.join(refunded, on=LINE, how="left")
        .join(as_member, on=LINE, how="left")
        .join(first, on=ACCOUNT, how="left")
        .with_columns(
            refunded_amount.alias("refunded_amount"),
            (pl.col("paid_amount") - refunded_amount).cast(YUAN).alias("net_amount"),
            ((pl.col("paid_amount") > pl.lit(0).cast(YUAN)) & (refunded_amount >= pl.col("paid_amount")))
            .alias("is_fully_refunded"),
            of_customers(pl.col("is_member_at_order").fill_null(False)).alias("is_member_at_order"),
            of_customers(pl.col("is_valid") & pl.col("order_id").eq(pl.col("first_order_id")).fill_null(False))
            .alias("is_first_order"),
        )
        .select(
            *ORDER, "order_line_id", "account_id", "product_id", "product_name", "sku_id", "quantity", "list_amount",
            "paid_amount", "refunded_amount", "net_amount", "order_status", "order_kind", "is_valid",
            "is_fully_refunded", "created_at", "paid_at", "paid_date", "completed_at", "influencer_id",
            "traffic_source", "traffic_type", "traffic_format", "traffic_channel", "is_member_at_order",
            "is_first_order",
        )
    )  # fmt: skip


def of_customers(flag: pl.Expr) -> pl.Expr:
    """Null where the line names no buyer."""
    return pl.when(pl.col("account_id").is_not_null()).then(flag)


def orders(lines: pl.LazyFrame) -> pl.LazyFrame:
    valid, nothing = pl.col("is_valid"), pl.lit(0).cast(YUAN)
    amounts = ["paid_amount", "refunded_amount", "net_amount"]
    return (
        lines.group_by(ORDER)
        .agg(
            pl.col("account_id").min(),
            pl.len().alias("line_count"),
            pl.when(valid).then("quantity").otherwise(0).sum().alias("quantity"),
            *(pl.when(valid).then(name).otherwise(nothing).sum().alias(name) for name in amounts),
            pl.coalesce(pl.when(valid).then("paid_at").min(), pl.col("paid_at").min()).alias("paid_at"),
            valid.any(),
            pl.col("is_member_at_order").max(),
            pl.col("is_first_order").max(),
        )
        .with_columns(
            pl.col("paid_at").dt.date().alias("paid_date"),
            (valid & (pl.col("net_amount") <= nothing)).alias("is_fully_refunded"),
        )
    )


def customer_rfm(orders: pl.LazyFrame, refunds: pl.DataFrame, last_day: date) -> pl.LazyFrame:
    first_day = last_day - timedelta(days=364)
    counted = pl.col("net_amount") > pl.lit(0).cast(YUAN)
    is_inside = pl.col("is_valid") & pl.col("account_id").is_not_null()
    values = (
        orders.filter(is_inside & pl.col("paid_date").is_between(first_day, last_day))
        .group_by(ACCOUNT)
        .agg(
            (pl.lit(last_day) - pl.when(counted).then("paid_date").max()).dt.total_days().alias("recency_days"),
            counted.sum().cast(pl.Int64).alias("order_count"),
            pl.when(counted).then("paid_date").drop_nulls().n_unique().cast(pl.Int64).alias("purchase_day_count"),
            pl.when(counted).then("net_amount").sum().alias("net_amount"),
            pl.col("paid_amount").sum(),
            pl.when(counted).then("quantity").sum().alias("quantity"),
        )
        .filter(pl.col("order_count") > 0)
    )
    asked_back = (
        refunds.lazy()
        .filter(
            pl.col("refund_type").fill_null("refund_only").ne("price_protection")
            & pl.col("moved_at").dt.date().is_between(first_day, last_day)
        )
        .group_by(ACCOUNT)
        .agg(pl.len().cast(pl.Int64).alias("refund_count"))
    )

    def score(values: pl.Expr) -> pl.Expr:
        return (5 * (values.rank("max") / pl.len())).ceil().cast(pl.Int64)

    high = {name: pl.col(f"{name}_score") >= 4 for name in "rfm"}
    return (
        values.join(asked_back, on=ACCOUNT, how="left")
        .with_columns(
            pl.col("refund_count").fill_null(0),
            (pl.col("quantity") / pl.col("order_count")).alias("average_items_per_order"),
            score(-pl.col("recency_days")).alias("r_score"),
            score(pl.col("order_count")).alias("f_score"),
            score(pl.col("net_amount")).alias("m_score"),
        )
        .with_columns(
            pl.concat_str(
                pl.when(high["m"]).then(pl.lit("important")).otherwise(pl.lit("general")),
                pl.when(high["r"] & high["f"]).then(pl.lit("_value"))
                .when(high["r"]).then(pl.lit("_develop"))
                .when(high["f"]).then(pl.lit("_recall"))
                .otherwise(pl.lit("_retain")),
            ).alias("rfm_segment")
        )
        .drop("quantity")
    )  # fmt: skip


def sales_daily(lines: pl.LazyFrame) -> pl.LazyFrame:
    refunded = pl.col("refunded_amount") > pl.lit(0).cast(YUAN)
    return (
        lines.filter("is_valid")
        .group_by("platform", "shop_id", pl.col("paid_date").alias("business_date"))
        .agg(
            pl.col("order_id").n_unique().alias("order_count"),
            pl.len().alias("line_count"),
            pl.col("quantity", "paid_amount", "refunded_amount", "net_amount").sum(),
            pl.col("order_id").filter(refunded).n_unique().alias("refunded_order_count"),
            pl.col("account_id").drop_nulls().n_unique().alias("buyer_count"),
            pl.col("account_id").filter("is_first_order").n_unique().alias("new_buyer_count"),
        )
    )


def main(lake: Path, out: Path, last_day: date) -> None:
    delivered = valued(latest(raw(lake, "order_lines"), LINE)).drop(USED_UP)
    lines = delivered.collect(engine="streaming").lazy()
    refunds = counted_refunds(latest(raw(lake, "refunds"), ["platform", "shop_id", "refund_id"]), lines)
    members = latest(raw(lake, "members"), [*ACCOUNT, "joined_at"])
    finished = order_lines(lines, refunds, members).collect(engine="streaming")
    finished.write_parquet(out / "order_lines.parquet")
    by_order = orders(finished.lazy()).collect(engine="streaming")
    by_order.write_parquet(out / "orders.parquet")
    customer_rfm(by_order.lazy(), refunds, last_day).collect().write_parquet(out / "customer_rfm.parquet")
    sales_daily(finished.lazy()).collect(engine="streaming").write_parquet(out / "sales_daily.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]))

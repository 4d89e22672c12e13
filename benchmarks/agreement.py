"""Whether two ways to the same marts arrive at the same rows: counts, sums to the cent, and a hash over every row.

Belongs here: which columns are compared, under which names. Does not: how either side made them.
"""

from pathlib import Path

import duckdb

from orchestration.extract.casting import literal

MONEY = "paid_amount, refunded_amount, net_amount"
LINES = (
    "platform, shop_id, order_id, order_line_id, product_id, product_name, sku_id, quantity, list_amount, "
    f"{MONEY}, order_status, order_kind, is_valid, is_fully_refunded, created_at, paid_at, paid_date, completed_at, "
    "traffic_source, traffic_type, traffic_format, traffic_channel, is_member_at_order, is_first_order"
)
ORDERS = (
    f"platform, shop_id, order_id, line_count, quantity, {MONEY}, paid_at, paid_date, is_valid, is_fully_refunded, "
    "is_member_at_order, is_first_order"
)
VALUES = (
    "recency_days, order_count, purchase_day_count, net_amount, paid_amount, refund_count, average_items_per_order, "
    "r_score, f_score, m_score, rfm_segment"
)
SALES = (
    "platform, shop_id, business_date, order_count, line_count, quantity, paid_amount, "
    "coalesce(refunded_amount, 0) as refunded_amount, net_amount, "
    "coalesce(refunded_order_count, 0) as refunded_order_count, "
    "coalesce(buyer_count, 0) as buyer_count, coalesce(new_buyer_count, 0) as new_buyer_count"
)
OURS = {
    "order_lines": f"select {LINES} from marts.order_lines",
    "orders": f"""select account_id, {ORDERS} from marts.orders
        left join (select customer_key, account_id from marts.customer_accounts) using (customer_key)""",
    "customer_rfm": f"""select platform, shop_id, account_id, {VALUES} from marts.customer_rfm_daily
        inner join marts.customer_accounts using (customer_key)
        where as_of_date = (select max(as_of_date) from marts.customer_rfm_daily)""",
    "sales_daily": f"select {SALES} from outputs.kpi__sales_daily where line_count > 0",
}


def disagreements(finished: Path, results: Path) -> list[str]:
    """What differs between our marts and the four results of a script, a sentence each; empty if they are equal.

    The script's results are Parquet files named after the mart, or tables of `marts.duckdb`.
    """
    found: list[str] = []
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(finished))} as finished (read_only)")
        database = results / "marts.duckdb"
        if database.exists():
            connection.execute(f"attach {literal(str(database))} as theirs (read_only)")
        connection.execute("use finished")
        for mart, query in OURS.items():
            table = (
                f"theirs.main.{mart}" if database.exists() else f"read_parquet({literal(f'{results}/{mart}.parquet')})"
            )
            types = {str(name): str(kind) for name, kind, *_ in connection.execute(f"describe {query}").fetchall()}
            mine, other = _totals(connection, f"({query})", types), _totals(connection, table, types)
            found += [
                f"{mart}: {what} is {other[what]}, not {mine[what]}" for what in mine if mine[what] != other[what]
            ]
    return found


def _totals(connection: duckdb.DuckDBPyConnection, table: str, types: dict[str, str]) -> dict[str, object]:
    """The columns are brought to our types first: a script may well write its amounts as doubles."""
    cast = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types.items())
    sums = [name for name, kind in types.items() if kind == "BIGINT" or kind.startswith("DECIMAL")]
    totals = ["count(*)", *(f"sum({name})" for name in sums), f"sum(cast(hash({', '.join(types)}) as hugeint))"]
    row = connection.execute(f"select {', '.join(totals)} from (select {cast} from {table})").fetchone() or ()
    names = ["the number of rows", *(f"the sum of {name}" for name in sums), "the hash of the rows"]
    return dict(zip(names, row, strict=True))

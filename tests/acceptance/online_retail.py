"""The Online Retail lines of December 2010 as a shop would send them: generic files, one folder a day.

The set is real (UCI Online Retail, CC BY 4.0, D. Chen); nothing in the product knows it.
"""

from decimal import Decimal
from pathlib import Path

import pandas as pd

DATA = Path(__file__).with_name("online_retail_2010-12")
KEY = ["CustomerID", "StockCode", "quantity", "UnitPrice"]


def lines() -> pd.DataFrame:
    """Every row as text, with exact amounts and times beside it."""
    rows = pd.read_csv(DATA / "lines.csv.gz", dtype=str, keep_default_na=False)
    return rows.assign(
        row=range(len(rows)),
        quantity=rows.Quantity.astype(int),
        amount=[
            Decimal(quantity) * Decimal(price) for quantity, price in zip(rows.Quantity, rows.UnitPrice, strict=True)
        ],
        at=pd.to_datetime(rows.InvoiceDate),
        account_id=rows.CustomerID.str.removesuffix(".0"),
    )


def sales() -> pd.DataFrame:
    """Sale lines; an invoice may hold equal rows, so each row gets its place on the invoice as its id."""
    rows = lines()
    sold = rows[~rows.InvoiceNo.str.startswith(("C", "A")) & (rows.quantity > 0) & (rows.amount > 0)]
    place = sold.groupby("InvoiceNo").cumcount() + 1
    return sold.assign(order_line_id=sold.InvoiceNo + "-" + place.astype(str))


def cancellations() -> pd.DataFrame:
    """Cancelled lines, each with the one earlier sale line that it equals, where there is one (`order_line_id`)."""
    rows = lines()
    cancelled = rows[rows.InvoiceNo.str.startswith("C")].assign(
        quantity=lambda c: -c.quantity, amount=lambda c: -c.amount
    )
    open_sales: dict[tuple[object, ...], list[tuple[pd.Timestamp, str]]] = {}
    for sale in sales().itertuples():
        key = tuple(getattr(sale, column) for column in KEY)
        open_sales.setdefault(key, []).append((sale.at, sale.order_line_id))
    found = []
    for cancel in cancelled.itertuples():
        earlier = open_sales.get(tuple(getattr(cancel, column) for column in KEY), [])
        match = next((sale for sale in earlier if sale[0] <= cancel.at and cancel.account_id), None)
        if match:
            earlier.remove(match)
        found.append(match[1] if match else None)
    return cancelled.assign(order_line_id=found)


def deliver_sales(inbox: Path) -> None:
    sold = sales()
    table = pd.DataFrame(
        {
            "order_id": sold.InvoiceNo,
            "order_line_id": sold.order_line_id,
            "account_id": sold.account_id,
            "product_id": sold.StockCode,
            "product_name": sold.Description,
            "quantity": sold.Quantity,
            "list_amount": sold.amount.astype(str),
            "paid_amount": sold.amount.astype(str),
            "order_status": "completed",
            "created_at": sold.InvoiceDate,
            "paid_at": sold.InvoiceDate,
        }
    )
    _deliver(table, sold["at"], inbox / "generic" / "order_lines", "lines.csv")


def deliver_cancellations(inbox: Path) -> None:
    cancelled = cancellations()
    line_ids = cancelled.order_line_id.fillna("never-seen-" + cancelled.row.astype(str))
    table = pd.DataFrame(
        {
            "refund_id": cancelled.InvoiceNo + "-" + cancelled.row.astype(str),
            "order_line_id": line_ids,
            "refund_amount": cancelled.amount.astype(str),
            "refund_quantity": cancelled.quantity.astype(str),
            "refund_status": "succeeded",
            "refunded_at": cancelled.InvoiceDate,
        }
    )
    _deliver(table, cancelled["at"], inbox / "generic" / "refunds", "cancellations.csv")


def _deliver(table: pd.DataFrame, at: "pd.Series[pd.Timestamp]", folder: Path, name: str) -> None:
    for day, rows in table.groupby(at.dt.date):
        (folder / str(day)).mkdir(parents=True)
        rows.to_csv(folder / str(day) / name, index=False)

"""What leaves the house, as data: schemas of the catalogue, columns of an audience list and what each may hold.

A new destination or column is a line here. How bytes are written is in `writers.py`.
"""

import re
from dataclasses import dataclass

CATALOGUE_SCHEMAS = ("marts", "outputs")

# Columns of the audit book that the catalogue shows, with their types there.
AUDIT_TABLES = {
    "deliveries": {
        "platform": "varchar",
        "dataset": "varchar",
        "delivery_date": "date",
        "file_name": "varchar",
        "content_hash": "varchar",
        "rows_read": "bigint",
        "rows_loaded": "bigint",
        "rows_duplicate": "bigint",
        "rows_superseded": "bigint",
        "rows_quarantined": "bigint",
        "rows_forgotten": "bigint",
        "status": "varchar",
        "reason": "varchar",
    },
    "quarantine": {
        "platform": "varchar",
        "dataset": "varchar",
        "content_hash": "varchar",
        "line_number": "bigint",
        "rule": "varchar",
        "column_name": "varchar",
    },
    "check_results": {
        "run_id": "varchar",
        "as_of_date": "date",
        "asset": "varchar",
        "check_name": "varchar",
        "severity": "varchar",
        "passed": "boolean",
        "observed": "varchar",
        "expected": "varchar",
        "failing_row_count": "bigint",
    },
}

# A campaign's id becomes the name of a folder.
CAMPAIGN_ID = re.compile(r"[A-Za-z0-9_\-\u4e00-\u9fff]{1,64}")

CUSTOMER_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z_|:.\-]{0,199}")
IDENTIFIER = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FREE_TEXT = None  # control characters become blanks


@dataclass(frozen=True)
class Column:
    """A column of a delivered file. Where `pattern` is given, a value that does not match it blocks the file."""

    name: str
    pattern: re.Pattern[str] | None


AUDIENCE_LIST = (
    Column("campaign_id", CAMPAIGN_ID),
    Column("as_of_date", DAY),
    Column("customer_key", CUSTOMER_KEY),
    Column("platform", IDENTIFIER),
    Column("shop_id", IDENTIFIER),
    Column("account_id", IDENTIFIER),
    Column("tier", FREE_TEXT),
    Column("reason", FREE_TEXT),
    Column("recommended_product_id", FREE_TEXT),
    Column("channel", FREE_TEXT),
)

"""What leaves the house, as data: schemas of the catalogue, columns of an audience list, the places ids are sent to.

A new destination or column is a line here. How bytes are written is in `writers.py` and `machine_files.py`; which
channel goes to which destination is the business's (`seeds/channels.csv`, read by `channels.py`).
"""

import re
from dataclasses import dataclass
from typing import Any

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

# A shop or an employee becomes the name of a folder too: their ids may hold a point, an at sign and the like.
PART = re.compile(r"[A-Za-z0-9_\u4e00-\u9fff][A-Za-z0-9_.@\-\u4e00-\u9fff]{0,63}")

CUSTOMER_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z_|:.\-]{0,199}")
IDENTIFIER = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FREE_TEXT = None  # control characters become blanks


@dataclass(frozen=True)
class Column:
    """A column of a delivered file. Where `pattern` is given, a value that does not match it blocks the file."""

    name: str
    pattern: re.Pattern[str] | None


# Looked up beside a decision as it is known now: an influencer by another name makes no other list.
LOOKED_UP = (
    Column("ordered_date", FREE_TEXT),
    Column("days_since_order", FREE_TEXT),
    Column("ordered_product_id", FREE_TEXT),
    Column("influencer_id", FREE_TEXT),
    Column("influencer_name", FREE_TEXT),
    Column("traffic_format", FREE_TEXT),
    Column("lift", FREE_TEXT),
)

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
    Column("segment", FREE_TEXT),
    Column("variant", FREE_TEXT),
    Column("guide_id", FREE_TEXT),
    Column("order_id", FREE_TEXT),
    Column("remark", FREE_TEXT),
    *LOOKED_UP,
    Column("coupon_link", FREE_TEXT),
)

MB = 1_000_000
MARKETING, SHARING = "marketing_message", "share_with_ad_platform"
PHONE = re.compile(r"1[3-9]\d{9}")
SHA256 = re.compile(r"[0-9a-f]{64}")
MD5 = re.compile(r"[0-9a-f]{32}")
# A record of Ocean Engine's protobuf with one SHA-256 in it, in base64: always as long, and always the same beginning.
SHA256_RECORD = re.compile(r"CkQQBhpA[0-9A-Za-z+/]{86}==")
# Ids of platforms begin with a letter or digit, so they are no formula either.
PLATFORM_ID = re.compile(r"[0-9A-Za-z_\u4e00-\u9fff][0-9A-Za-z_\u4e00-\u9fff@#|:.+/=\-]{0,199}")
ORDER_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-]{0,63}")
# A value of an SMS template, and nothing that could be markup, a link or a formula.
VARIABLE = re.compile(r"(?:[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z_\-\u4e00-\u9fff]{0,63})?")


@dataclass(frozen=True)
class Destination:
    """A place that ids are sent to, and what it accepts. The first of `columns` is the id; a file of one column has no
    header. `minimum` and `maximum` count ids of the full list, limits of a file the bytes before they are zipped."""

    id_type: str  # account, order, phone; none, where the list itself is all
    columns: tuple[Column, ...] = ()
    form: str = "plain"  # how a phone is written: plain, sha256, md5, sha256_record
    divided_by: str | None = None  # a file for each value of this column of the list
    consent_purpose: str | None = MARKETING
    minimum: int = 1
    maximum: int = 50_000_000
    rows_per_file: int = 1_000_000
    bytes_per_file: int = 10 * MB
    is_zipped: bool = False
    has_delta: bool = False  # takes what is to be appended and removed, besides the whole list
    name_length: int = 64  # of an audience there: the campaign's id
    expiry_hours: int = 24  # after the end of the list's day


def _platform_ids(name: str, *others: Column, divided_by: str | None = None) -> Destination:
    return Destination("account", (Column(name, PLATFORM_ID), *others), divided_by=divided_by)


def _hashes(form: str, pattern: re.Pattern[str], megabytes: int, **limits: Any) -> Destination:
    """Hashed phones for an advertising platform: providing them to another, which needs a consent of its own."""
    return Destination(
        "phone",
        (Column(form, pattern),),
        form,
        consent_purpose=SHARING,
        bytes_per_file=megabytes * MB,
        is_zipped=True,
        has_delta=True,
        expiry_hours=7 * 24,
        **limits,
    )


DESTINATIONS = {
    "douyin_sms": _platform_ids("open_id", divided_by="shop_id"),
    "tmall_sms": _platform_ids("account_id", divided_by="shop_id"),
    "official_account": _platform_ids("open_id"),
    "wecom": _platform_ids(
        "external_user_id",
        Column("tier", FREE_TEXT),
        Column("reason", FREE_TEXT),
        Column("recommended_product_id", FREE_TEXT),
        divided_by="guide_id",
    ),
    "sms_vendor": Destination(
        "phone",
        (Column("phone", PHONE), Column("recommended_product_id", VARIABLE), Column("variant", VARIABLE)),
        rows_per_file=100_000,
    ),
    "qianchuan": _hashes("sha256", SHA256, 25, name_length=30),
    "ocean_engine": _hashes("sha256_record", SHA256_RECORD, 50, name_length=30),
    "tencent_ads": _hashes("md5", MD5, 100, name_length=32),
    "tmall_databank": _hashes("sha256", SHA256, 100, minimum=5_000, maximum=200_000_000),
    "dmp_damo": _hashes("sha256", SHA256, 100, minimum=2_001, maximum=49_999_999),
    "parcel_remarks": Destination(
        "order",
        (Column("order_id", ORDER_ID), Column("remark", FREE_TEXT)),
        divided_by="shop_id",
        consent_purpose=None,
        expiry_hours=12,
    ),
    "report": Destination("none", consent_purpose=None),
}

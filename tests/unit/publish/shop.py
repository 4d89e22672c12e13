"""A shop whose lists are handed out: tables as a finished run leaves them, a vault, and channels to every destination.

People are numbers: customer 1 has the Douyin account open-1 in shop 6001, the phone 13900000001 and every consent.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.audit import Audit
from orchestration.privacy.keys import Keys
from orchestration.privacy.vault import Vault
from orchestration.publish import machine_files
from orchestration.publish.audiences import AudienceList, publish_audiences
from orchestration.publish.channels import Channel, Rules
from orchestration.publish.destinations import MARKETING, SHARING
from orchestration.publish.means import Means
from orchestration.publish.recipients import identifier_key

DAY = date(2026, 3, 10)
KEYS = Keys((b"p" * 32,))
ADS = ("qianchuan", "ocean_engine", "tencent_ads", "tmall_databank", "dmp_damo")
CHANNELS = {
    "douyin_sms": Channel("douyin_sms", "douyin"),
    "douyin_super_sms": Channel("douyin_sms", "douyin"),
    "tmall_sms": Channel("tmall_sms", "tmall"),
    "wecom": Channel("wecom", "wecom"),
    "sms": Channel("sms_vendor"),
    **{name: Channel(name, consent_purpose=SHARING) for name in ADS},
    "parcel": Channel("parcel_remarks", consent_purpose=None, is_touch=False),
    "report": Channel("report", consent_purpose=None, is_touch=False),
}
TABLES = """
create schema marts; create schema outputs;
create table marts.campaigns (campaign_id varchar, template varchar, start_date date, end_date date, channel varchar,
    parameters varchar);
create table marts.campaign_parameters (campaign_id varchar, parameter varchar, value_type varchar, value varchar);
create table marts.customer_accounts (platform varchar, shop_id varchar, account_id varchar, customer_key bigint);
create table marts.qc_campaigns_refused (campaign_id varchar, parameter varchar, value varchar, first_date date,
    last_date date, content_hash varchar, line_number bigint);
create table outputs.audience_parcel_notes (campaign_id varchar, as_of_date date, customer_key bigint, shop_id varchar,
    order_id varchar, channel varchar, remark varchar);
create table marts.consents (account_key bigint, customer_key bigint, purpose varchar, channel varchar,
    granted_at timestamp, withdrawn_at timestamp);
create table marts.touches (customer_key bigint, sent_date date, touch_status varchar);
create table marts.order_lines (customer_key bigint, shop_id varchar, order_id varchar);
create table marts.customer_identifiers (account_key bigint, customer_key bigint, id_type varchar,
    identifier_key bigint, valid_from timestamp, valid_to timestamp, refused_reason varchar);
create table outputs.audience_decisions (campaign_id varchar, as_of_date date, customer_key bigint, tier varchar,
    reason varchar, suppressed_reason varchar, arm varchar, recommended_product_id varchar, channel varchar,
    segment varchar, variant varchar, guide_id varchar, order_id varchar, remark varchar);
create view outputs.audience_members as
select campaign_id, as_of_date, customer_key, accounts.platform, accounts.shop_id, accounts.account_id, tier, reason,
    recommended_product_id, channel, segment, variant, guide_id, order_id, remark, null::date as ordered_date,
    null::bigint as days_since_order, null::varchar as ordered_product_id,
    null::varchar as influencer_id, null::varchar as influencer_name,
    null::varchar as traffic_format, null::double as lift, null::varchar as coupon_link
from outputs.audience_decisions inner join marts.customer_accounts as accounts using (customer_key)
where suppressed_reason is null and arm = 'treatment';
"""


def phone(person: int) -> str:
    return f"139{person:08}"


@dataclass(frozen=True)
class Shop:
    """`people` who may all be written to; nobody is on a list yet."""

    home: Path

    @property
    def lists(self) -> Path:
        return self.home / "published" / "audiences"

    @property
    def warehouse(self) -> Path:
        return self.home / "finished.duckdb"

    @property
    def audit(self) -> Audit:
        return Audit(self.home / "audit.sqlite")

    @property
    def vault(self) -> Vault:
        return Vault(self.home / "vault" / "vault.sqlite", KEYS)

    @property
    def means(self) -> Means:
        return Means(Rules(CHANNELS, {3: 1, 7: 2, 30: 6}), self.audit, KEYS, self.vault)

    def open(self, people: Sequence[int], platform: str = "douyin") -> None:
        self.run(TABLES)
        self.vault.store({KEYS.token(phone(one)): phone(one) for one in people})
        for one in people:
            key = identifier_key(KEYS.token(phone(one)))
            self.run(
                f"insert into marts.customer_accounts values ('{platform}', '6001', 'open-{one}', {one});"
                f"insert into marts.customer_identifiers values ({one}, {one}, 'phone', {key}, null, null, null);"
                f"insert into marts.order_lines values ({one}, '6001', 'order-{one}');"
            )
            for purpose in (MARKETING, SHARING):
                self.run(f"insert into marts.consents values ({one}, {one}, '{purpose}', null, '2026-01-01', null)")

    def run(self, sql: str) -> None:
        with duckdb.connect(str(self.warehouse)) as connection:
            connection.execute(sql)

    def decide(
        self, channel: str, people: Sequence[int], day: date = DAY, campaign: str = "spring", **more: str
    ) -> None:
        """Puts people on a campaign's list, all of them in treatment."""
        self.run(f"delete from marts.campaigns where campaign_id = '{campaign}'")
        dates = "'2026-03-01', '2026-03-31'"
        self.run(f"insert into marts.campaigns values ('{campaign}', 't', {dates}, '{channel}', null)")
        told = {"arm": "treatment", "tier": "high", "recommended_product_id": "p1", "channel": channel} | more
        for one in people:
            row = {"campaign_id": campaign, "as_of_date": str(day), "customer_key": one} | told
            names, values = ", ".join(row), ", ".join(f"'{str(value).format(one)}'" for value in row.values())
            self.run(f"insert into outputs.audience_decisions ({names}) values ({values})")

    def hand_out(self, *days: date) -> AudienceList:
        """Publishes; returns the last campaign's list of the last day."""
        return publish_audiences(self.warehouse, self.lists, days or [DAY], self.means)[-1]

    def folder(self, day: date = DAY, campaign: str = "spring") -> Path:
        return self.lists / campaign / str(day)

    def manifest(self, day: date = DAY) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.folder(day) / "manifest.json").read_text())
        return told

    def told(self, day: date = DAY) -> dict[str, Any]:
        """What the manifest says of the one channel."""
        [channel] = self.manifest(day)["channels"]
        assert isinstance(channel, dict)
        return channel

    def files(self, day: date = DAY) -> dict[str, list[machine_files.Row]]:
        """The rows of every machine file, header left out."""
        folder = self.folder(day)
        return {one["file"]: machine_files.read(folder / one["file"])[1] for one in self.told(day)["files"]}

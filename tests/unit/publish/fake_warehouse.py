"""What a finished run leaves behind, small: the tables of a warehouse and lines of an audit book."""

from datetime import date
from pathlib import Path

import duckdb

from orchestration.audit import Audit, CheckResult
from orchestration.publish.audiences import AudienceList, publish_audiences
from orchestration.publish.channels import Rules
from orchestration.publish.means import Means

DAY = date(2024, 5, 6)

WAREHOUSE = """
create schema staging; create schema marts; create schema outputs; create schema state;
create table state.logic as select 'kpi__sales_daily' as model, 'new' as logic;
create table state.built_days as
select 'kpi__sales_daily' as model, date '2024-05-06' as day, '1' as fingerprint, 'old' as logic;
create table state.account_moves as
select date '2024-05-06' as known_on, 4 as account_key, 4 as customer_key_before, 2 as customer_key_after;
create table staging.not_for_outsiders as select 1 as secret;
create table marts.customer_accounts as select * from (values
    ('douyin', '6001', '=cmd|calc', 1), ('douyin', '6001', 'open-2', 2), ('tmall', '88', '张三', 2),
    ('douyin', '6001', 'open-3', 3), ('douyin', '6001', 'open-4', 4)
) as t (platform, shop_id, account_id, customer_key);
create table marts.campaigns as select * from (values
    ('spring', 'new_members', date '2024-05-01', date '2024-05-31', 'sms', 0.10::decimal(9, 6), 7::bigint,
        '{"product_ids": "p1;p2"}'),
    ('派样', 'sample', date '2024-05-06', date '2024-05-06', 'sms', null, null, null)
) as t (campaign_id, template, start_date, end_date, channel, holdout_ratio, min_days, parameters);
create table marts.campaign_parameters as select * from (values
    ('spring', 'product_ids', 'list', 'p1;p2'), ('spring', 'min_days', 'integer', '7'),
    ('spring', 'filter', 'filter', '[[["net_amount",">=",["500"]]]]'), ('spring', 'tier_amount', 'amount', null)
) as t (campaign_id, parameter, value_type, value);
create table outputs.audience_decisions as select * from (values
    ('spring', date '2024-05-06', 1, 'new_members', 'high', ' =1+1', null, 'treatment', 'p1', 1),
    ('spring', date '2024-05-06', 2, 'new_members', 'other', 'joined', null, 'treatment', 'p1', 1),
    ('spring', date '2024-05-06', 3, 'new_members', 'other', 'joined', null, 'control', 'p1', 1),
    ('spring', date '2024-05-06', 4, 'new_members', 'other', 'joined', 'opted_out', null, 'p1', 1)
) as t (campaign_id, as_of_date, customer_key, template, tier, reason, suppressed_reason, arm,
    recommended_product_id, priority);
create view outputs.audience_members as
select decisions.campaign_id, decisions.as_of_date, decisions.customer_key, accounts.platform, accounts.shop_id,
    accounts.account_id, decisions.tier, decisions.reason, decisions.recommended_product_id, 'sms' as channel,
    null::varchar as segment, null::varchar as variant, null::varchar as guide_id, null::varchar as order_id,
    null::varchar as remark, null::date as ordered_date, null::bigint as days_since_order,
    null::varchar as ordered_product_id, null::varchar as influencer_id, null::varchar as influencer_name,
    null::varchar as traffic_format, null::double as lift, null::varchar as coupon_link
from outputs.audience_decisions as decisions
inner join marts.customer_accounts as accounts on decisions.customer_key = accounts.customer_key
where decisions.suppressed_reason is null and decisions.arm = 'treatment';
create table marts.qc_campaigns_refused (campaign_id varchar, parameter varchar, value varchar, first_date date,
    last_date date, content_hash varchar, line_number bigint);
create table outputs.audience_parcel_notes (campaign_id varchar, as_of_date date, customer_key bigint, shop_id varchar,
    order_id varchar, channel varchar, remark varchar);
create table marts.consents as
select customer_key as account_key, customer_key, 'marketing_message' as purpose, null::varchar as channel,
    timestamp '2024-01-01 00:00:00' as granted_at, null::timestamp as withdrawn_at
from range(1, 4) as people (customer_key);
create table marts.touches (customer_key bigint, sent_date date, touch_status varchar);
create table marts.order_lines (customer_key bigint, platform varchar, shop_id varchar, order_id varchar);
create table marts.customer_identifiers (account_key bigint, customer_key bigint, id_type varchar,
    identifier_key bigint, valid_from timestamp, valid_to timestamp, refused_reason varchar);
create table outputs.kpi__sales_daily as select date '2024-05-06' as paid_date, 12.50::decimal(18, 2) as paid_amount;
comment on table outputs.kpi__sales_daily is 'One row per day; the shop''s 口径.';
comment on column outputs.kpi__sales_daily.paid_amount is 'GMV, 元';
"""


CAPS = {3: 1, 7: 2, 30: 6}
NOTHING_MORE = (None,) * 13  # segment, variant, guide, order, remark, and what is told of the order and the coupon


def hand_out(warehouse: Path, lists: Path, days: list[date]) -> list[AudienceList]:
    """Publishes lists of channels that are listed nowhere: the list is all there is of them."""
    means = Means(Rules({}, CAPS, {"touch_cap_3d": 1}), Audit(warehouse.parent / "book.sqlite"))
    return publish_audiences(warehouse, lists, days, means)


def check(name: str, *, run: str = "r1", passed: bool = True, severity: str = "error") -> CheckResult:
    return CheckResult(run, DAY, "raw/douyin/orders", name, severity, passed, "3 of 10 rows", "none", 3)


def read(catalogue: Path, sql: str) -> list[tuple[object, ...]]:
    """What a new reader sees, whoever else of this process holds an older version."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{catalogue}' as siyu (read_only)")
        connection.execute("use siyu")
        return connection.execute(sql).fetchall()

"""What people are told about a campaign: sizes, gaps, and why somebody is in or out."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.campaigns import UnknownCampaignError, is_decided, listed, preview, require
from orchestration.settings import DBT_PROJECT
from orchestration.stories import RULES, explain

DAY = date(2026, 3, 10)
TABLES = """
create schema marts; create schema outputs; create schema audit;
create table marts.campaigns as select 'SPRING' as campaign_id, 'sleeping_members' as template,
    date '2026-03-01' as start_date, date '2026-03-31' as end_date, 1 as priority, 'douyin_sms' as channel,
    0.1 as holdout_ratio, 1000.00 as goal_amount, null::decimal(18, 2) as daily_budget_amount;
create table outputs.kpi__fast_daily as select date '2026-03-10' as as_of_date;
create table outputs.audience_decisions as
select 'SPRING' as campaign_id, date '2026-03-10' as as_of_date, 'sleeping_members' as template, * from (values
    (1, null, 'treatment', 'high', 120.00, 'last order 2025-01-01'), (2, null, 'control', 'high', 80.00, 'x'),
    (3, 'touched_recently', null, 'standard', 10.00, 'y'), (4, 'no_consent', null, 'standard', 10.00, 'z')
) as decided (customer_key, suppressed_reason, arm, tier, expected_amount, reason)
cross join (select null::decimal(9, 6) as expected_response_ratio,
    null as segment, null as variant, 'douyin_sms' as channel, 1 as priority,
    null as recommended_product_id);
create table marts.consents as select 3 as customer_key, 31 as account_key, 'marketing_message' as purpose,
    null::varchar as channel, timestamp '2026-01-01' as granted_at, null::timestamp as withdrawn_at;
create table marts.members as select 3 as customer_key, date '2026-01-01' as joined_date, null::date as left_date;
create table marts.customer_accounts as select 3 as customer_key, 'douyin' as platform,
    null::date as first_seen_date;
create table marts.guide_contacts as select 3 as customer_key, 'li' as guide_id, date '2026-03-01' as added_date,
    null::date as removed_date;
create table marts.touches as select 3 as customer_key, date '2026-03-09' as sent_date, 'sent' as touch_status;
create table marts.refunds as select 7 as order_key, timestamp '2026-03-01' as applied_at,
    timestamp '2026-03-02' as resolved_at;
create table marts.order_lines as select 7 as order_line_key, 7 as order_key, 3 as customer_key, true as is_valid,
    timestamp '2026-01-05 10:00:00' as paid_at, date '2026-01-05' as paid_date, 'o1' as order_id, 'p' as product_id,
    'normal' as order_kind, 9.90 as paid_amount, 0.00 as refunded_amount, 'h' as content_hash;
create table marts.customer_rfm_periods as select i as customer_key, date '2026-01-01' as valid_from,
    date '2026-12-31' as valid_to, date '2026-03-09' - i::int * 5 as last_paid_date from range(10) as people (i);
create table marts.qc_campaigns_refused as
select 'WINTER' as campaign_id, 'product_ids' as parameter, 'p9' as value, date '2026-03-01' as first_date,
    date '2026-03-10' as last_date, 'plan' as content_hash, 3 as line_number;
create table audit.deliveries as select 'h' as content_hash, date '2026-01-06' as delivery_date,
    'orders.csv' as file_name, 'loaded' as status;
"""


@pytest.fixture
def catalogue() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(TABLES)
    return connection


def test_the_rules_are_told_in_the_order_in_which_they_are_asked():
    audiences = Path(DBT_PROJECT) / "models" / "outputs" / "audiences"
    chain = ("decisions/audience_judgements.sql", "decisions/audience_admissions.sql", "audience_decisions.sql")
    asked = re.findall(r"then '([a-z]+(?:_[a-z]+)*)'", "".join((audiences / model).read_text() for model in chain))
    assert [rule for rule in dict.fromkeys(asked) if rule != "control"] == list(RULES)


def test_a_campaign_is_listed_with_the_sizes_of_its_last_list(catalogue):
    columns, rows = listed(catalogue)
    told = dict(zip(columns, rows[0], strict=True))
    assert [told[name] for name in ("campaign_id", "candidates", "in_treatment", "in_control", "out")] == [
        "SPRING", 4, 1, 1, 2,
    ]  # fmt: skip


def test_a_preview_counts_by_decision_and_says_the_gap_to_the_goal(catalogue):
    told = preview(catalogue, "SPRING", DAY)
    decisions = [row[:2] for row in told["Decisions"][1]]
    assert decisions == [("in: control", 1), ("in: treatment", 1), ("out: no_consent", 1), ("out: touched_recently", 1)]
    assert told["Against the goal"][1] == [(1000, 120, 880)]


def test_a_preview_says_what_stands_in_the_way(catalogue):
    assert preview(catalogue, "SPRING", DAY)["What stands in the way"][1] == []
    catalogue.execute("insert into marts.campaigns select * replace ('WINTER' as campaign_id) from marts.campaigns")
    told = preview(catalogue, "WINTER", DAY)
    assert told["What stands in the way"][1] == [
        (
            "the campaign plan line 3: a_product_is_listed_or_was_sold: product_ids p9: no list and no order paid by "
            "then has it: correct the row, or deliver generic/products with it",
        ),
        ("nobody meets the conditions of the campaign on this day",),
    ]
    assert told["Against the goal"][1] == [(1000, None, None)]
    later = preview(catalogue, "WINTER", date(2026, 3, 11))["What stands in the way"][1]
    assert later == [("nobody meets the conditions of the campaign on this day",)]


def test_a_preview_says_which_lift_its_groups_can_show(catalogue):
    catalogue.execute("""insert into outputs.audience_decisions
        select * exclude (i)
            replace (9 + i as customer_key, case when i % 10 = 0 then 'control' else 'treatment' end as arm)
        from outputs.audience_decisions, range(2000) as more (i) where outputs.audience_decisions.customer_key = 1""")
    told = preview(catalogue, "SPRING", DAY)["Smallest lift that can be seen"]
    values = dict(zip(told[0], told[1][0], strict=True))
    assert (values["in_treatment"], values["in_control"], values["base_rate"]) == (1801, 201, "0.2000")
    assert 0.08 < float(values["smallest_lift"]) < 0.10


def test_a_story_stops_at_the_first_reason_and_names_the_file_of_a_purchase(catalogue):
    told = explain(catalogue, "SPRING", 3, DAY)
    rules = {rule: (verdict, found) for rule, verdict, found in told["Rules, in their order"][1]}
    assert rules["no_consent"] == ("passed", "granted 2026-01-01 00:00:00")
    assert rules["touched_recently"] == ("out", "1 messages in 3 days, 1 in 7, 1 in 30")
    assert rules["open_refund"] == ("not asked", "0 open refunds")
    assert told["Latest purchases up to the day"][1][0][-2:] == ("orders.csv", date(2026, 1, 6))


def test_a_story_tells_of_consents_and_accounts_that_counted_for_the_decision(catalogue):
    catalogue.execute("""insert into marts.consents values
        (3, 31, 'share_with_ad_platform', null, '2026-02-01', '2026-02-02'),
        (3, 31, 'marketing_message', 'wecom', '2026-02-03', '2026-02-04'),
        (3, 31, 'marketing_message', 'sms', '2026-02-05', '2025-12-31'),
        (3, 32, 'marketing_message', null, '2026-03-11', '2026-03-11')""")
    catalogue.execute("insert into marts.customer_accounts values (3, 'tmall', '2026-03-11')")
    catalogue.execute("insert into marts.guide_contacts values (3, 'wei', '2026-02-01', '2026-03-10')")
    found = {rule: told for rule, _, told in explain(catalogue, "SPRING", 3, DAY)["Rules, in their order"][1]}
    assert found["no_consent"] == "granted 2026-01-01 00:00:00"
    assert found["opted_out"] == "not withdrawn since"
    assert found["unreachable"] == "accounts on douyin, WeCom friend of li"
    catalogue.execute("insert into marts.consents values (3, 31, 'marketing_message', 'sms', null, '2026-03-10')")
    found = {rule: told for rule, _, told in explain(catalogue, "SPRING", 3, DAY)["Rules, in their order"][1]}
    assert found["opted_out"] == "withdrawn 2026-03-10 00:00:00"


def test_who_is_in_has_passed_every_rule(catalogue):
    rules = explain(catalogue, "SPRING", 1, DAY)["Rules, in their order"][1]
    assert {verdict for _, verdict, _ in rules} == {"passed"}


@pytest.mark.parametrize(
    ("campaign", "day", "told"),
    [("AUTUMN", DAY, "It has: SPRING"), ("SPRING", date(2026, 4, 1), "runs from 2026-03-01 to 2026-03-31")],
)
def test_an_unknown_campaign_or_day_is_refused_with_those_that_there_are(catalogue, campaign, day, told):
    with pytest.raises(UnknownCampaignError, match=told):
        require(catalogue, campaign, day)


def test_a_day_is_decided_once_it_was_run(catalogue):
    assert is_decided(catalogue, DAY)
    assert not is_decided(catalogue, date(2026, 3, 11))

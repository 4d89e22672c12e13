"""What is published of the simulated brand is the truth written beside its exports, to the cent and the person, and
every gap between it and what the platforms say is what they count otherwise."""

import json
import re
import subprocess
import sys

import duckdb
import pandas as pd
import pytest

from demo import canaries
from demo.brand import simulate
from demo.catalogue import INFLUENCERS, LEVEL_NAMES
from demo.cells import open_id
from demo.timeline import DAY, seconds
from tests.end_to_end.asking import OF_THE_DAY, WELCOME, cells, examples
from tests.end_to_end.conftest import DAYS, EVERYTHING, FIRST_DAY, LAST_DAY, parquet
from tests.search import places_not_looked_at, told_of


@pytest.fixture(scope="module")
def published(delivered):
    installation = delivered()
    installation.siyu(*EVERYTHING)
    return installation


@pytest.fixture(scope="module")
def connection(published):
    with duckdb.connect(str(published.catalogue), read_only=True) as connection:
        yield connection


def _differences(connection, left, right):
    return connection.execute(f"(({left}) except all ({right})) union all (({right}) except all ({left}))").fetchall()


def test_daily_sales_are_the_truth(published, connection):
    columns = "order_count, paid_amount, coalesce(refunded_amount, 0), net_amount"
    told = f"select platform, shop_id, business_date, {columns} from outputs.kpi__sales_daily where order_count > 0"
    true = f"select platform, shop_id, paid_date, {columns} from {parquet(published.home, 'sales_daily')}"
    assert _differences(connection, told, true) == []


def test_refunds_are_unknown_of_platforms_that_export_none(connection):
    told = """select platform, count(*) = count(refunded_amount), coalesce(string_agg(distinct missing_feeds), '')
        from outputs.kpi__sales_daily group by platform"""
    of_platform = {platform: (is_told, missing) for platform, is_told, missing in connection.execute(told).fetchall()}
    assert {platform for platform, (is_told, _) in of_platform.items() if is_told} == {"douyin", "tmall"}
    assert {platform for platform, (_, missing) in of_platform.items() if "refunds" in missing} == {"jd", "youzan"}


def test_order_lines_are_the_truth(published, connection):
    columns = """platform, shop_id, order_id, order_line_id, product_id, quantity, list_amount, paid_amount,
        refunded_amount, order_kind, is_valid, order_status, created_at, paid_at, traffic_source, traffic_type,
        traffic_format, traffic_channel"""
    told = f"select {columns} from marts.order_lines where not is_amount_shared"
    true = f"select {columns} from {parquet(published.home, 'order_lines')} where order_line_id is not null"
    assert _differences(connection, told, true) == []


def test_orders_without_line_ids_are_the_truth(published, connection):
    sums = "sum(quantity), sum(list_amount), sum(paid_amount), sum(refunded_amount), count(*)"
    told = f"select order_id, {sums} from marts.order_lines where is_amount_shared group by order_id"
    true = f"""select order_id, {sums} from {parquet(published.home, "order_lines")}
        where order_line_id is null group by order_id"""
    assert _differences(connection, told, true) == []


def test_goods_of_orders_whose_amount_is_shared_are_the_truth(published, connection):
    columns = "platform, shop_id, order_id, product_id, quantity, order_status, created_at, paid_at, is_valid"
    of_small_shops = "platform in ('jd', 'youzan')"
    told = f"select {columns} from marts.order_lines where {of_small_shops}"
    true = f"select {columns} from {parquet(published.home, 'order_lines')} where {of_small_shops}"
    assert connection.execute(f"select count(distinct order_id) from ({told}) where is_valid").fetchone() > (10,)
    assert _differences(connection, told, true) == []


def test_buyers_of_small_shops_are_those_whom_an_export_names(published, connection):
    """JD names an account, Youzan a phone, both now and then masked."""
    told = """select order_id, min(account_id) from marts.order_lines
        left join marts.customer_accounts using (customer_key, platform, shop_id)
        where platform = 'jd' group by order_id"""
    true = f"""select order_id, min(account_id) from {parquet(published.home, "order_lines")}
        where platform = 'jd' group by order_id"""
    unnamed = f"select count(*) from ({true}) as bought (order_id, account_id) where account_id is null"
    assert connection.execute(unnamed).fetchone() > (0,)
    assert _differences(connection, told, true) == []
    buyers = f"""select distinct order_id, customer_key, bought.account_id
        from marts.order_lines inner join {parquet(published.home, "order_lines")} as bought
            using (platform, shop_id, order_id)
        where platform = 'youzan'"""
    masked = f"select count(*) from ({buyers}) where customer_key is null"
    assert connection.execute(masked).fetchone() > (0,)
    one_each = f"select customer_key from ({buyers}) group by 1 having count(distinct account_id) <> 1"
    assert connection.execute(f"{one_each} and customer_key is not null").fetchall() == []
    assert (
        connection.execute(f"""select account_id from ({buyers}) group by 1
        having count(distinct customer_key) <> cast(account_id is not null as integer)""").fetchall()
        == []
    )


def test_every_line_has_its_true_buyer(published, connection):
    told = """select order_id, order_line_id, account_id from marts.order_lines
        left join marts.customer_accounts using (customer_key, platform, shop_id) where not is_amount_shared"""
    true = f"""select order_id, order_line_id, account_id from {parquet(published.home, "order_lines")}
        where order_line_id is not null"""
    assert _differences(connection, told, true) == []


def test_refunds_are_the_truth(published, connection):
    told = """select platform, refund_id, refund_amount, is_successful, case when is_successful then refunded_at end
        from marts.refunds"""
    true = f"""select platform, refund_id, refund_amount, is_successful, refunded_at
        from {parquet(published.home, "refunds")}"""
    assert _differences(connection, told, true) == []


def test_the_latest_membership_of_everyone_is_the_truth(published, connection):
    columns = "platform, shop_id, account_id, joined_at, left_at, join_channel"
    account = "customer_key, platform, shop_id"
    told = f"""select {columns}
        from (select *, row_number() over (partition by {account} order by joined_at desc) as latest from marts.members)
        inner join marts.customer_accounts using ({account})
        where latest = 1 and not (platform = 'pos' and starts_with(account_id, '6'))"""  # lost cards, merged
    assert _differences(connection, told, f"select {columns} from {parquet(published.home, 'members')}") == []


def test_tmall_knows_the_holders_of_cards_whom_it_recognised_and_nobody_else(published, connection):
    told = """select recognised.account_id, held.account_id from marts.customer_accounts as recognised
        left join marts.customer_accounts as held on recognised.customer_key = held.customer_key
            and held.platform = 'pos' and not starts_with(held.account_id, '6')
        where starts_with(recognised.account_id, 'r@')"""
    true = f"select account_id, card from {parquet(published.home, 'recognised')}"
    assert connection.execute(f"select count(*) from ({true})").fetchone() > (1,)
    assert _differences(connection, told, true) == []


def test_messages_in_the_logs_of_senders_are_the_truth(published, connection):
    columns = "campaign_id, sent_at, is_delivered, is_failed, segment_count, cost_amount"
    told = f"""select {columns} from (select distinct touch_id, {columns} from marts.campaign_touches
        where regexp_matches(touch_id, '^(aliyun|yunpian|douyin)_sms'))"""
    assert _differences(connection, told, f"select {columns} from {parquet(published.home, 'messages')}") == []


def test_levels_of_every_day_are_those_that_the_brand_gave(published, connection):
    """Everybody begins at the lowest; the export of each day tells a review, the first one those of before too."""
    stays = simulate(scale=0.05, days=DAYS, last_day=LAST_DAY).memberships
    accounts = open_id(stays["person"], stays["shop"]).to_pylist()
    day_of = {name: stays[name] // DAY for name in ("joined_at", "reviewed_at", "left_at")}
    begins, end = seconds(FIRST_DAY) // DAY, seconds(LAST_DAY) // DAY + 1
    true = set()
    for account, joined, reviewed, left, level in zip(
        accounts, *day_of.values(), stays["level_after_review"], strict=True
    ):
        changed = (reviewed if reviewed >= begins else joined) if level and reviewed < left else left
        for name, begin, until in ((0, joined, changed), (level, changed, left)):
            if begin < min(until, end):
                true.add((account, LEVEL_NAMES[name], int(begin), int(until) if until < end else None))
    told = """select account_id, member_level, date_diff('day', date '1970-01-01', valid_from),
            date_diff('day', date '1970-01-01', valid_to)
        from marts.membership_levels inner join marts.customer_accounts using (account_key)
        where membership_levels.platform = 'douyin'"""
    rows = connection.execute(told).fetchall()
    assert len(rows) == len(set(rows)) > 10
    assert set(rows) == true
    assert connection.execute("select count(*) from marts.qc_levels_disputed").fetchone() == (0,)


def test_nobody_is_counted_as_a_member_twice(published, connection):
    members = f"from {parquet(published.home, 'members')} where left_at is null"
    memberships = connection.execute(f"select count(*) {members}").fetchone()
    people = connection.execute(f"select count(distinct coalesce(person::varchar, account_id)) {members}").fetchone()
    by_shop = "select sum(member_count) from outputs.kpi__member_daily where business_date = ?"
    by_person = "select superiority_count from outputs.kpi__fast_daily where as_of_date = ?"
    assert connection.execute(by_shop, [LAST_DAY]).fetchone() == memberships
    assert connection.execute(by_person, [LAST_DAY]).fetchone() == people < memberships


SOLD = "cast(sum(paid_amount) as decimal(18, 2)), cast(sum(refunded_amount) as decimal(18, 2))"


def _own_live_lines(published):
    own = ", ".join(f"'{influencer.uid}'" for influencer in INFLUENCERS if influencer.is_own)
    return f"""select * from {parquet(published.home, "order_lines")}
        where is_valid and traffic_format = '直播' and influencer_id in ({own})"""


def test_every_shift_sold_what_was_paid_in_it(published, connection):
    shift = "shop_id, live_account, anchor, started_at, over_at"
    told = f"""select {shift}, order_count, paid_amount, refunded_amount from outputs.kpi__anchor_shifts
        where order_count > 0 and anchor is not null"""
    true = f"""select shifts.*, count(distinct order_id), {SOLD}
        from {parquet(published.home, "anchor_shifts")} as shifts
        inner join ({_own_live_lines(published)}) as lines on shifts.shop_id = lines.shop_id
            and live_account = influencer_id and paid_at >= started_at and paid_at < over_at
        group by all"""
    past_midnight = f"select count(*) from ({true}) where started_at::date < over_at::date"
    assert connection.execute(past_midnight).fetchone() > (0,)
    assert _differences(connection, told, true) == []
    of_all = f"select {shift} from outputs.kpi__anchor_shifts where anchor is not null"
    assert _differences(connection, of_all, f"from {parquet(published.home, 'anchor_shifts')}") == []


def test_what_is_sold_live_is_in_one_shift_or_in_none(published, connection):
    told = f"""select shop_id, live_account, {SOLD} from outputs.kpi__anchor_shifts
        group by all having sum(order_count) > 0"""
    true = f"select shop_id, influencer_id, {SOLD} from ({_own_live_lines(published)}) group by all"
    assert _differences(connection, told, true) == []


IS_MEMBER = "joined_date <= $day and (left_date is null or left_date > $day)"
BOUGHT = "select customer_key from marts.order_lines where is_valid and customer_key is not null and paid_date <= $day"
STANDS = "(fully_refunded_date is null or fully_refunded_date > $day)"
CANDIDATES = {
    "buyers_not_members": f"""({BOUGHT} and paid_date > $day - 180 and {STANDS})
        except (select customer_key from marts.members where {IS_MEMBER})""",
    "festival_members_without_purchase": f"""(select customer_key from marts.members where {IS_MEMBER})
        except ({BOUGHT})""",
    "sleeping_members": f"""(select customer_key from marts.members where {IS_MEMBER})
        intersect ({BOUGHT} and {STANDS}) except ({BOUGHT} and paid_date > $day - 45)""",
    "new_members_without_purchase": f"""(select customer_key from marts.members inner join plan on true
            where {IS_MEMBER} and $day - joined_date between min_days and max_days)
        except ({BOUGHT})""",
    "sample_to_full_size": f"""(select customer_key from marts.order_lines inner join plan on true
            where customer_key is not null and $day - paid_date between min_days and max_days
                and list_contains(string_split(parameters ->> 'product_ids', ';'), product_id))
        except ({BOUGHT} and product_id in (
            select unnest(string_split(parameters ->> 'full_size_product_ids', ';')) from plan))""",
}


@pytest.mark.parametrize("template", CANDIDATES)
def test_candidates_are_those_that_a_plain_query_finds(template, connection):
    decided = "select customer_key from outputs.audience_decisions where template = $template and as_of_date = $day"
    found = connection.execute(decided, {"template": template, "day": LAST_DAY}).fetchall()
    plan = f"with plan as (from marts.campaigns where template = '{template}')"
    expected = connection.execute(f"{plan} {CANDIDATES[template]}", {"day": LAST_DAY}).fetchall()
    assert len(found) == len(set(found)) > 0
    assert set(found) == set(expected)


def test_lists_hold_those_who_consented_and_nobody_else(published, connection):
    listed = 0
    for manifest in sorted((published.home / "published" / "audiences").glob("*/*/manifest.json")):
        campaign, day = manifest.parts[-3:-1]
        told = json.loads(manifest.read_text())
        [file] = manifest.parent.glob("*.csv")
        rows = pd.read_csv(file, dtype=str)
        decided = connection.execute(
            """select customer_key from outputs.audience_decisions
            where campaign_id = ? and as_of_date = ? and suppressed_reason is null and arm = 'treatment'""",
            [campaign, day],
        ).fetchall()
        listed_people, everybody = set(rows.customer_key.astype("int64")), {key for (key,) in decided}
        assert listed_people <= everybody and len(everybody - listed_people) == told["withdrawn_since"]
        assert told["rows"] == len(rows)
        assert file.stat().st_mode & 0o777 == 0o600
        listed += len(rows)
    assert listed > 0
    wrong = connection.execute("""
        select count(*) from outputs.audience_members as members
        where channel <> 'parcel' and not exists (
            select 1 from marts.consents
            where consents.customer_key = members.customer_key and purpose = 'marketing_message'
                and granted_at < members.as_of_date + 1
                and (withdrawn_at is null or withdrawn_at >= members.as_of_date + 1)
        )
    """).fetchone()
    assert wrong == (0,)


def test_no_personal_value_planted_in_the_exports_is_found_anywhere_else(published):
    assert any(told_of(published.home / "inbox" / "douyin", canaries.ALL)), "the canaries are not in the exports"
    assert list(told_of(published.home, canaries.ALL, besides=("inbox", "truth"))) == []
    assert places_not_looked_at(published.home, besides=("inbox", "truth")) == set()


def test_every_row_of_every_file_is_accounted_for(connection):
    wrong = connection.execute("""
        select file_name from audit.deliveries
        where rows_read <> rows_loaded + rows_duplicate + rows_superseded + rows_quarantined
    """).fetchall()
    assert wrong == []
    assert connection.execute("select count(*) from audit.deliveries where status = 'loaded'").fetchone() > (100,)


def test_every_gap_in_money_and_orders_is_explained_to_the_cent(connection):
    unexplained = """select * from outputs.kpi__reconciliation_daily
        where unexplained_gap <> 0 and metric not like '%member%'"""
    assert connection.execute(unexplained).fetchall() == []
    found = "select metric, count(*) from outputs.kpi__reconciliation_daily where status = 'explained' group by metric"
    assert {"paid_amount", "order_count", "net_amount"} <= dict(connection.execute(found).fetchall()).keys()


def test_ours_is_null_only_with_its_reason(connection):
    missing = "select distinct missing_reason from outputs.kpi__reconciliation_daily where our_figure is null"
    assert {reason for (reason,) in connection.execute(missing).fetchall()} <= {
        "no orders are delivered through the day",
        "no refunds are delivered through the day",
        "no members of the shop are known",
        "no order names a buyer",
    }
    null = (
        "select count(*) from outputs.kpi__reconciliation_daily where our_figure is null and status <> 'not_comparable'"
    )
    assert connection.execute(null).fetchone() == (0,)


def test_ours_is_what_the_sales_say_and_theirs_is_the_truth(published, connection):
    """Theirs is everything that was paid for; ours is what the table of sales publishes."""
    ours = """select count(*) from outputs.kpi__reconciliation_daily
        left join outputs.kpi__sales_daily as sales using (platform, shop_id, business_date)
        where our_figure <> case metric when 'paid_amount' then coalesce(sales.paid_amount, 0)
            when 'net_amount' then coalesce(sales.net_amount, 0)
            when 'refunded_amount' then coalesce(sales.refunded_amount, 0)
            when 'refunded_amount_refund_time' then coalesce(sales.refunded_amount_refund_time, 0)
            when 'order_count' then coalesce(sales.order_count, 0) else our_figure end"""
    assert connection.execute(ours).fetchone() == (0,)
    theirs = f"""select count(*) from outputs.kpi__reconciliation_daily as told
        left join (
            select platform, shop_id, cast(paid_at as date) as business_date, sum(paid_amount) as paid_amount
            from {parquet(published.home, "order_lines")} group by all
        ) as truth using (platform, shop_id, business_date)
        where metric = 'paid_amount' and platform_figure <> coalesce(truth.paid_amount, 0)"""
    assert connection.execute(theirs).fetchone() == (0,)
    days = "select count(distinct (shop_id, business_date)) from outputs.kpi__reconciliation_daily"
    assert connection.execute(days).fetchone() == (3 * 60,)


def test_every_campaign_is_listed_with_the_sizes_of_its_last_list(published):
    told = cells(published.siyu("audience", "list"))
    sizes = published.rows(f"""
        select campaign_id, count(*), count(*) filter (where arm = 'treatment') from outputs.audience_decisions
        where as_of_date = '{LAST_DAY}' group by campaign_id""")
    assert len(sizes) > 5
    for campaign, *counts in sizes:
        [row] = [row for row in told if campaign in row]
        assert {str(LAST_DAY), *map(str, counts)} <= set(row)


def test_a_preview_counts_every_candidate(published):
    told = [row[:2] for row in cells(published.siyu("audience", "preview", WELCOME, *OF_THE_DAY))]
    counts = published.rows(f"""
        select coalesce('out: ' || suppressed_reason, 'in: ' || arm) as decision, count(*)
        from outputs.audience_decisions where campaign_id = '{WELCOME}' and as_of_date = '{LAST_DAY}'
        group by decision""")
    assert len(counts) > 2
    for decision, count in counts:
        assert told.count([decision, str(count)]) == 1


@pytest.mark.parametrize("outcome", ["in: treatment", "in: control", "out: "])
def test_a_customer_is_told_the_decision_the_rule_and_what_was_handed_out(outcome, published):
    (campaign, key, decision), *_ = published.rows(f"""
        select campaign_id, customer_key, coalesce('out: ' || suppressed_reason, 'in: ' || arm) as decision
        from outputs.audience_decisions where as_of_date = '{LAST_DAY}' and decision like '{outcome}%' order by all""")
    told = published.siyu("audience", "explain", str(campaign), *OF_THE_DAY, "--customer", str(key))
    rules = {row[0]: row[1] for row in cells(told) if len(row) > 2}
    assert str(decision) in told
    assert [rule for rule, verdict in rules.items() if verdict == "out"] == re.findall("^out: (.+)", str(decision))
    [handed_out] = [row for row in cells(told) if row[0] == "delivered"]
    assert handed_out[-1].lower() == str(outcome == "in: treatment").lower()


def test_who_is_no_candidate_is_told_so(published):
    [[key]] = published.rows(f"""select min(customer_key) from marts.customers where customer_key not in
        (select customer_key from outputs.audience_decisions where campaign_id = '{WELCOME}')""")
    told = published.siyu("audience", "explain", WELCOME, *OF_THE_DAY, "--customer", str(key))
    assert f"Customer {key} was no candidate of {WELCOME}" in told


@pytest.mark.parametrize("query", [query for block in examples("sql") for query in block.split(";") if query.strip()])
def test_a_query_of_the_documents_has_an_answer(query, published):
    assert published.rows(query)


@pytest.mark.parametrize("example", [example for example in examples("python") if "siyu.duckdb" in example])
def test_an_example_in_python_reads_the_catalogue(example, published):
    """In a process of its own, since this one has the catalogue open."""
    for path in ("/path/to/siyu.duckdb", "instance/published/siyu.duckdb"):
        example = example.replace(path, str(published.catalogue))
    subprocess.run([sys.executable, "-c", example], cwd=published.home, check=True)

"""Whom every template finds, told once more in plain Python from the rows that were delivered.

Belongs here: a function per template that says whom it concerns. Does not: the brand (`every_template.py`), the SQL of
a template (its unit tests), and what becomes of its candidates.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest

from orchestration.settings import PROJECT_ROOT
from tests.properties.every_template import BIRTHDAY, DAY, PLAN, START, brand
from tests.properties.histories import FIRST_NUMBER, History, Row, Step, side_by_side
from tests.properties.installation import SteppedInstallation

pytestmark = pytest.mark.long

NUMBER = str(FIRST_NUMBER)  # of the history, before every id


def day_of(text: str) -> date:
    return date.fromisoformat(text[:10]) if text else date.max


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def accounts(rows: Iterable[Row]) -> set[str]:
    return {row["account_id"] for row in rows}


class Delivered:
    """What was delivered, as facts of the day."""

    def __init__(self, history: Step) -> None:
        rows: dict[str, list[Row]] = defaultdict(list)
        for file, found in history.changes.items():
            rows[file.dataset.removeprefix("generic/")] += found or ()
        self.rows = rows
        self.lines = rows["order_lines"]
        self.sales = [row for row in self.lines if row["paid_at"] and not row["order_kind"]]
        self.paid = [row for row in self.lines if day_of(row["paid_at"]) <= DAY]
        self.bought = [row for row in self.sales if day_of(row["paid_at"]) <= DAY]
        self.standing = [row for row in self.bought if self.stands(row)]
        self.cards = [row for row in rows["pos/members"] if row["会员状态"] == "正常"]
        self.members = {row["account_id"]: row for row in rows["members"] if holds(row["joined_at"], row["left_at"])}
        self.phones = {row["id_value"] for row in rows["identifiers"] if row["account_id"] in self.members}
        self.events = [row for row in rows["events"] if day_of(row["occurred_at"]) <= DAY]
        left = accounts(row for row in self.events if row["event_type"] == "group_leave")
        self.in_group = accounts(row for row in self.events if row["event_type"] == "group_join") - left

    def refunded(self, sale: Row, on: date = DAY) -> Decimal:
        told = [row for row in self.rows["refunds"] if row["order_line_id"] == sale["order_line_id"]]
        return sum((Decimal(row["refund_amount"]) for row in told if day_of(row["refunded_at"]) <= on), Decimal(0))

    def stands(self, sale: Row, on: date = DAY) -> bool:
        return self.refunded(sale, on) < Decimal(sale["paid_amount"])

    def of(self, who: str) -> list[Row]:
        return [row for row in self.standing if row["account_id"] == who]

    def net(self, who: str) -> Decimal:
        return sum((Decimal(row["paid_amount"]) - self.refunded(row) for row in self.of(who)), Decimal(0))

    def silence(self, who: str) -> int | None:
        return min(((DAY - day_of(row["paid_at"])).days for row in self.of(who)), default=None)

    def worth(self, amount: int) -> set[str]:
        return {who for who in accounts(self.standing) if self.net(who) >= amount}

    def did(self, kinds: Iterable[str], days: int) -> set[str]:
        lately = [row for row in self.events if day_of(row["occurred_at"]) > ago(days)]
        return accounts(row for row in lately if row["event_type"] in kinds)


def holds(begin: str, end: str) -> bool:
    return day_of(begin) <= DAY < day_of(end)


def since(rows: Iterable[Row], first: date, last: date = DAY) -> list[Row]:
    return [row for row in rows if first <= day_of(row["paid_at"]) <= last]


def of_products(rows: Iterable[Row], *names: str) -> list[Row]:
    return [row for row in rows if row["product_id"] in {NUMBER + name for name in names}]


def annual_pack_follow_up(told: Delivered) -> set[str]:
    packs = of_products(told.bought, "p4")
    followed = [row for days in (30, 60, 90) for row in since(packs, ago(days), ago(days)) if told.stands(row)]
    return accounts(followed) | (told.worth(300) - accounts(packs))


def associated_purchase(told: Delivered) -> set[str]:
    eve = START - timedelta(days=1)
    basket: dict[str, set[str]] = defaultdict(set)
    for row in since(told.sales, date.min, eve):
        if told.stands(row, eve):
            basket[row["product_id"]].add(row["account_id"])
    launched, everybody = basket[f"{NUMBER}p3"], len(set().union(*basket.values()))
    lifts = {
        name: (Fraction(len(who & launched) * everybody, len(who) * len(launched)), len(who & launched))
        for name, who in basket.items()
        if name != f"{NUMBER}p3" and who & launched
    }
    related = min(lifts, key=lambda name: (-lifts[name][0], -lifts[name][1], name)).removeprefix(NUMBER)
    return accounts(of_products(since(told.standing, ago(90)), related)) - accounts(of_products(told.bought, "p3"))


def buyers_not_members(told: Delivered) -> set[str]:
    return accounts(since(told.standing, ago(29))) - told.members.keys()


def festival_members_without_purchase(told: Delivered) -> set[str]:
    in_town = {row["卡号"] for row in told.cards if row["手机号"] not in told.phones}
    return (told.members.keys() | in_town) - accounts(told.bought)


def free_selection(told: Delivered) -> set[str]:
    refunded = {row["order_line_id"] for row in told.rows["refunds"] if day_of(row["refunded_at"]) <= DAY}
    with_refunds = accounts(row for row in told.bought if row["order_line_id"] in refunded)
    balances: dict[str, int] = defaultdict(int)
    for row in told.rows["points"]:
        balances[row["account_id"]] += int(row["points_delta"]) if day_of(row["occurred_at"]) <= DAY else 0
    rich = {who for who, balance in balances.items() if balance > 50}
    influenced = accounts(row for row in told.standing if row["influencer_id"] == f"{NUMBER}i1")
    several = {who for who in influenced if len(told.of(who)) in (2, 3)}
    lately = accounts(since(told.standing, ago(60))) & (told.worth(300) | with_refunds)
    lately -= accounts(of_products(told.standing, "p2"))
    return (accounts(told.bought) | told.members.keys()) & (lately | several | rich)


def group_tiers(told: Delivered) -> set[str]:
    return told.in_group


def guide_daily_list(told: Delivered) -> set[str]:
    due: dict[str, list[tuple[int, Decimal, str]]] = defaultdict(list)
    birthdays = {row["account_id"]: row["birthday"] for row in told.rows["members"] if day_of(row["joined_at"]) <= DAY}
    for row in told.rows["wecom/customers"]:
        who = row["external_userid"].replace("w", "")
        silence = told.silence(who)
        if birthdays.get(who, "").endswith(BIRTHDAY):
            rank = 1
        elif silence is not None and 25 <= silence <= 45:
            rank = 2
        elif silence is not None and silence >= 46 and told.net(who) >= 100:
            rank = 3
        else:
            continue
        due[row["userid"]].append((rank, -told.net(who), who))
    return {who for people in due.values() for _, _, who in sorted(people)[:3]}


def influencer_newcomers(told: Delivered) -> set[str]:
    first = {who: min(row["paid_at"] for row in told.sales if row["account_id"] == who) for who in accounts(told.sales)}
    brought: dict[str, set[str]] = defaultdict(set)
    for row in since(told.standing, ago(60), ago(7)):
        if row["influencer_id"] in (f"{NUMBER}i1", f"{NUMBER}i2") and row["paid_at"] == first[row["account_id"]]:
            brought[row["influencer_id"]].add(row["account_id"])
    return brought[min(brought, key=lambda name: (-len(brought[name]), name))]


def member_priority(told: Delivered) -> set[str]:
    liking = accounts(of_products(since(told.standing, ago(40)), "p1", "p2")) | told.did(["cart"], 41)
    return {who for who, row in told.members.items() if day_of(row["joined_at"]) <= ago(30)} & liking


def new_members_without_purchase(told: Delivered) -> set[str]:
    new = {who for who, row in told.members.items() if day_of(row["joined_at"]) >= ago(60)}
    return new - accounts(told.bought)


def offline_recognition(told: Delivered) -> set[str]:
    return {row["卡号"] for row in told.cards if row["手机号"] and row["手机号"] not in told.phones}


def parcel_notes(told: Delivered) -> set[str]:
    waiting = [row for row in since(told.paid, ago(40)) if row["order_status"] == "paid"]
    brought = [row for row in waiting if row["influencer_id"] == f"{NUMBER}i1"]
    return accounts(row for row in brought if row["order_kind"] or told.stands(row))


def promotion_wave_one(told: Delivered) -> set[str]:
    return accounts(told.standing) - accounts(since(told.bought, ago(14)))


def promotion_wave_two(told: Delivered) -> set[str]:
    of_the_event = since(told.bought, START)
    stand = accounts(row for row in of_the_event if told.stands(row))
    return (accounts(told.rows["touches"]) | accounts(of_the_event)) - stand


def sample_to_full_size(told: Delivered) -> set[str]:
    samples = of_products(since(told.lines, ago(60), ago(5)), "s1")
    return accounts(samples) - accounts(of_products(told.bought, "p5"))


def sleeping_members(told: Delivered) -> set[str]:
    kinds = {row["event_type"] for row in told.events}
    awake = accounts(since(told.bought, ago(39))) | told.did(kinds, 40)
    return (told.members.keys() & accounts(told.standing)) - awake


def tag_overlay(told: Delivered) -> set[str]:
    return festival_members_without_purchase(told) & told.did(["live_watch", "browse", "cart"], 30)


def trial_to_member(told: Delivered) -> set[str]:
    tried = [row for row in since(told.lines, ago(60)) if Decimal(row["paid_amount"]) <= Decimal("9.9")]
    return accounts(tried) - (told.members.keys() & told.in_group)


def unpaid_orders(told: Delivered) -> set[str]:
    def is_bought_since(row: Row) -> bool:
        same = [paid for paid in told.bought if paid["product_id"] == row["product_id"]]
        return any(paid["account_id"] == row["account_id"] and paid["paid_at"] >= row["created_at"] for paid in same)

    waiting = [row for row in told.lines if not row["paid_at"] and not row["order_kind"]]
    return accounts(row for row in waiting if day_of(row["created_at"]) >= ago(40) and not is_bought_since(row))


def vip_multi_channel(told: Delivered) -> set[str]:
    return told.worth(200)


BY_HAND: dict[str, Callable[[Delivered], set[str]]] = {name: globals()[name] for name in PLAN}


@pytest.fixture(scope="module")
def built(installation: SteppedInstallation) -> tuple[SteppedInstallation, Step]:
    [history] = side_by_side([History("every template", (brand(),))])
    installation.tables_after([history])
    return installation, history


def test_no_template_is_left_out() -> None:
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "audience_parameters.csv").open(encoding="utf-8") as file:
        assert {row["template"] for row in csv.DictReader(file)} == PLAN.keys()


@pytest.mark.parametrize("template", PLAN)
def test_candidates_are_those_told_by_hand(template: str, built: tuple[SteppedInstallation, Step]) -> None:
    installation, history = built
    with duckdb.connect(str(installation.settings.finished_file), read_only=True) as connection:
        found = connection.execute(
            """select distinct coalesce(min(account_id) filter (platform = 'generic'), min(account_id))
            from outputs.audience_decisions inner join marts.customer_accounts using (customer_key)
            where template = ? and as_of_date = ? group by customer_key""",
            [template, DAY],
        ).fetchall()
    by_hand = BY_HAND[template](Delivered(history))
    assert 0 < len(by_hand) < 61
    assert {who for (who,) in found} == by_hand


def cell_of(told: Delivered, who: str, on: date) -> str:
    """By the classes of `seeds/value_cells.csv`."""
    own_lines = [row for row in since(told.sales, date.min, on) if row["account_id"] == who and told.stands(row, on)]
    recency = min((on - day_of(row["paid_at"])).days for row in own_lines)
    return f"R{4 - sum(recency >= days for days in (30, 90, 180))}F{1 + sum(len(own_lines) >= n for n in (2, 3, 5))}"


def test_the_first_wave_expects_what_the_comparable_promotion_brought(built: tuple[SteppedInstallation, Step]) -> None:
    installation, history = built
    told = Delivered(history)
    eve, begin, end = date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 10)
    buyers = accounts(row for row in since(told.sales, begin, end) if told.stands(row, end))
    cells: dict[str, list[bool]] = defaultdict(list)
    for who in accounts(row for row in since(told.sales, date.min, eve) if told.stands(row, eve)):
        cells[cell_of(told, who, eve)].append(who in buyers)
    with duckdb.connect(str(installation.settings.finished_file), read_only=True) as connection:
        found = connection.execute(
            """select account_id, segment, expected_response_ratio
            from outputs.audience_decisions inner join marts.customer_accounts using (customer_key)
            where template = 'promotion_wave_one' and as_of_date = ? and platform = 'generic'""",
            [DAY],
        ).fetchall()
    by_hand = {who: cell_of(told, who, DAY) for who, _, _ in found}
    assert {who: cell for who, cell, _ in found} == by_hand
    known = {cell: Fraction(sum(bought), len(bought)) for cell, bought in cells.items()}
    assert len({by_hand[who] for who, _, ratio in found if ratio is not None}) > 1
    for who, cell, ratio in found:
        assert (ratio is None) == (cell not in known), who
        assert ratio is None or abs(Fraction(ratio) - known[cell]) < Fraction(1, 10**5), who


def test_lists_that_are_built_day_by_day_are_those_that_are_built_at_once(
    built: tuple[SteppedInstallation, Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    installation, history = built
    at_once = installation.tables_after([history])
    monkeypatch.setattr(installation, "variables", ("--vars", json.dumps({"account_days_at_once": 1})))
    assert installation.tables_after([history]) == at_once

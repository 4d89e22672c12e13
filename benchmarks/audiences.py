"""Lists of a day against a scan: `python -m benchmarks.audiences [--lines 10000000] [--customers 1000000] [--days 30]`.

Belongs here: a plan with a campaign of every template, the audience models made anew for one day and for many, a
preview. Does not: data (`history.py`), time (`measure.py`).

Everything before the lists is built once, untimed. What is measured is dbt making every template and every decision;
starting dbt counts: once more it does nothing, so that this share can be seen. The yardstick reads every column of
`marts.order_lines`.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import duckdb

from benchmarks.installation import NO_TESTS, Installation, with_history
from benchmarks.measure import Target, Work, call, measure, parser, report, run, tell, workplace
from benchmarks.synthetic import Size
from orchestration.audit import Audit
from orchestration.campaigns import preview
from orchestration.extract.contracts import load_contracts
from orchestration.extract.landing import land
from orchestration.privacy.keys import Keys
from orchestration.privacy.vault import Vault
from orchestration.publish.databases import reading
from orchestration.settings import CONTRACTS, PROJECT_ROOT

START = "dbt with nothing to do"
SCAN = "scan of marts.order_lines"
PREVIEW = "preview of a campaign"
LISTS = "outputs.audiences"
PARAMETERS = PROJECT_ROOT / "dbt_project" / "seeds" / "audience_parameters.csv"
LIMITS = {"day": 10, "days": 5, "preview": 1}

Row = Mapping[str, object]


def plan(size: Size) -> Iterator[Row]:
    """A campaign of every template, over the last month; what a template demands is named."""
    month = {"start_date": size.last_day - timedelta(days=29), "end_date": size.last_day, "channel": "sms"}
    earlier = [size.last_day - timedelta(days=days) for days in (190, 171)]
    demanded = {
        "product_ids": "p10;p20",
        "reference_periods": f"{earlier[0]}/{earlier[1]}",
        "wave_one_campaign_id": "PROMOTION_WAVE_ONE",
        "base_campaign_id": "SLEEPING_MEMBERS",
        "filter": "recency_days <= 90 and (net_amount >= 500 or product_id = 'p30')",
        "remark": "gift sample",
    }
    with PARAMETERS.open(encoding="utf-8", newline="") as file:
        parameters = list(csv.DictReader(file))
    for priority, template in enumerate(dict.fromkeys(row["template"] for row in parameters), start=1):
        own = [row for row in parameters if row["template"] == template and row["is_required"] == "true"]
        needs = {row["parameter"]: demanded[row["parameter"]] for row in own}
        yield {"campaign_id": template.upper(), "template": template, "priority": priority, **month, **needs}


def events(size: Size) -> Iterator[Row]:
    """Of every tenth customer a product put into the cart in the last month; every twentieth joins a group."""
    for customer in range(0, size.customers, 10):
        shop = customer % size.shops
        platform = "wechat" if shop % 2 else "jd"
        account = {"platform": platform, "shop_id": f"9{shop:07}", "account_id": f"u{customer:09}"}
        day = size.last_day - timedelta(days=customer % 28)
        yield {**account, "event_type": "cart", "occurred_at": f"{day} 10:00:00", "object_id": f"p{customer % 500}"}
        if customer % 20 == 0:
            yield {**account, "event_type": "group_join", "occurred_at": f"{day} 11:00:00", "object_id": "g1"}


def deliver(installation: Installation, dataset: str, day: date, rows: Iterator[Row]) -> None:
    """Lands rows as a delivery of the day."""
    found = list(rows)
    settings = installation.settings
    file = settings.inbox / "generic" / dataset / str(day) / f"{dataset}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(dict.fromkeys(name for row in found for name in row)))
        writer.writeheader()
        writer.writerows(found)
    vault = Vault(settings.vault_file, Keys((b"k" * 32,)))
    land(
        load_contracts([CONTRACTS]),
        "generic",
        dataset,
        [day],
        settings.inbox,
        settings.lake,
        Audit(settings.audit_file),
        vault,
    )


def built(installation: Installation, size: Size, days: int) -> Installation:
    """Asked for the last days of the history, with everything that the lists are made of."""
    tell(f"building {size.lines:,} order lines for {days} business days once")
    deliver(installation, "campaigns", size.last_day, plan(size))
    deliver(installation, "events", size.last_day, events(size))
    installation.ask_for([size.last_day - timedelta(days=number) for number in range(days)])
    run(installation.rebuild("everything before the lists", "--select", f"+{LISTS}"))
    return installation


def forget_lists(installation: Installation) -> None:
    """Drops every table of audiences: dbt makes tables by day anew for no other reason, `--full-refresh` included."""
    with duckdb.connect(installation.settings.finished_file) as connection:
        found = """select table_name, 'table' from duckdb_tables() where starts_with(table_name, 'audience_')
        union all select view_name, 'view' from duckdb_views() where starts_with(view_name, 'audience_')"""
        for table, kind in sorted(connection.execute(found).fetchall(), key=lambda row: row[1], reverse=True):
            connection.execute(f"drop {kind} outputs.{table}")


def scan(finished: str) -> None:
    """Reads and decodes every column of the order lines, on two threads."""
    with duckdb.connect(finished, read_only=True, config={"threads": 2}) as connection:
        names = [name for name, *_ in connection.execute("describe marts.order_lines").fetchall()]
        print(
            connection.execute(f"select count(*), bit_xor(hash({', '.join(names)})) from marts.order_lines").fetchone()
        )


def preview_of(finished: str, campaign: str, day: str) -> None:
    with reading(Path(finished)) as connection:
        print(preview(connection, campaign, date.fromisoformat(day)))


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--lines", type=int, default=Size.lines)
    options.add_argument("--customers", type=int, default=1_000_000)
    options.add_argument("--days", type=int, default=30)
    given = options.parse_args()
    size = Size(lines=given.lines, customers=given.customers)
    with workplace(given) as place:
        names = {days: f"lists of {days} day{'s' * (days > 1)}" for days in (1, given.days)}
        homes = {days: built(with_history(place, size, f"lists-{days}"), size, days) for days in names}
        works = [
            home.dbt(names[days], "build", *NO_TESTS, "--select", LISTS, prepare=partial(forget_lists, home))
            for days, home in homes.items()
        ]
        finished = str(homes[1].settings.finished_file)
        asked = call(preview_of, finished, "SLEEPING_MEMBERS", str(size.last_day))
        others = [
            Work(SCAN, call(scan, finished)),
            Work(PREVIEW, asked),
            homes[1].dbt(START, "run", "--select", "nothing"),
        ]
        runs = measure([*works, *others], given.repetitions)
        one, many = names.values()
        targets = [
            Target(one, SCAN, LIMITS["day"]),
            Target(many, one, LIMITS["days"]),
            Target(PREVIEW, SCAN, LIMITS["preview"]),
            Target(START, SCAN),
        ]
        print(
            report(
                f"Lists of every template on {size.lines:,} order lines, {size.customers:,} customers", runs, targets
            )
        )


if __name__ == "__main__":
    main()

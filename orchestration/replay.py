"""A past day rebuilt as it was known then, and what differs from what is known now: `siyu replay`.

Belongs here: which deliveries and days count, what is put into the folder of a replay, putting it there whole.
Does not: building and comparing (`transform/`), the bytes of lists and catalogues (`publish/`), printing (`cli.py`).

As it was known on K means from the deliveries dated K or before, and for the business days up to D that were
asked for by then: what a daily operation had on D. The live tables are neither read nor changed.
"""

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from orchestration.audit import Audit
from orchestration.extract.lake import bring_up_to_date
from orchestration.progress import Stages
from orchestration.publish.audiences import publish_audiences
from orchestration.publish.catalogue import publish_catalogue
from orchestration.publish.databases import answer
from orchestration.publish.means import Means, means_of
from orchestration.settings import DBT_PROJECT, Settings
from orchestration.tables import Table
from orchestration.transform.arguments import fingerprint
from orchestration.transform.beside import Build, as_known, build_beside, workspace
from orchestration.transform.difference import Difference, difference
from orchestration.transform.plan import Plan, derive_plan

SHOWN = 12
FIGURES = """
select table_name, key, metric, known_then, known_now, difference, {causes} as caused_by
from metrics order by table_name, key, metric limit {shown}
"""
CUSTOMERS = """
select what, count(*) as customers, count(known_then) as known_then, count(known_now) as known_now
from customers group by what order by what
"""
FILES = """
with blamed as (
    select unnest(caused_by) as file, 1 as figure, null as customer_key from metrics
    union all
    select unnest(caused_by) as file, 0 as figure, customer_key from customers
)
select file, sum(figure) as figures, count(distinct customer_key) as customers
from blamed group by file order by figures + customers desc, file limit {shown}
"""
CAUSES = "caused_by[1] || case when len(caused_by) > 1 then ' and ' || (len(caused_by) - 1) || ' more' else '' end"
REPLACED = ".replaced-"
COMMENTS = {
    "metrics": "One row per KPI figure of the day that differs: as known then, as known now, and the files between.",
    "customers": "One row per customer and list, or rfm, that differs: as known then and now, and the files between.",
}


class CannotReplayError(ValueError):
    """The day or the state of knowledge is not one that this installation has."""


@dataclass(frozen=True)
class Replay:
    """A finished replay. `remarks` say what the two dates mean; `problems` which list could not be written."""

    folder: Path
    difference: Difference
    remarks: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class _Request:
    """A day and a state of knowledge, checked, with the plans of then and of now."""

    day: date
    known_on: date
    then: Plan
    now: Plan
    remarks: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.day}_known_on_{self.known_on}"


def replay(settings: Settings, day: date, known_on: date, stages: Stages) -> Replay:
    """Writes `published/replays/<day>_known_on_<known_on>/`."""
    audit = Audit(settings.audit_file)
    request = _request(derive_plan(audit, settings.beside, fingerprint(DBT_PROJECT)), day, known_on)
    bring_up_to_date(settings.contract_directories, settings.lake)
    with workspace(settings.beside, stages.say) as place:
        _put_back(settings.replays)
        files = _later_files(audit, request)
        stages.say(
            f"Building {day} from {len(request.then.deliveries)} deliveries, then with {len(files)} later ones …"
        )
        then = build_beside(settings, place / "then", request.then, stages.follow("then"))
        now = build_beside(settings, place / "now", request.now, stages.follow("now")) if files else then
        found = difference(then, now, day, files)
        draft = place / "result"
        problems = _write(then, replace(means_of(settings), vault=None), day, found, draft)
        _install(draft, settings.replays / request.name)
    return Replay(settings.replays / request.name, found, request.remarks, problems)


def summary(found: Difference) -> dict[str, Table]:
    """The difference in short, by title: the first figures, customers by list, the files that matter most."""
    figures = f"Figures that differ: {found.metrics.num_rows}"
    if found.metrics.num_rows > SHOWN:
        figures += f", of which the first {SHOWN}"
    with duckdb.connect() as connection:
        connection.register("metrics", found.metrics)
        connection.register("customers", found.customers)
        return {
            figures: answer(connection, FIGURES.format(causes=CAUSES, shown=SHOWN)),
            "Customers that differ, and for how many there is a statement then and now": answer(connection, CUSTOMERS),
            f"Deliveries that caused it, {SHOWN} at most": answer(connection, FILES.format(shown=SHOWN)),
        }


def _request(everything: Plan, day: date, known_on: date) -> _Request:
    delivered = [content[-1] for content in everything.deliveries]
    if not delivered:
        raise CannotReplayError("Nothing has been delivered yet: put exports into the inbox and run their days first.")
    first, last = min(delivered), max(delivered)
    if known_on < first:
        raise CannotReplayError(f"Nothing was known on {known_on}; the first delivery is of {first}.")
    if day < first:
        raise CannotReplayError(f"There is nothing to replay of {day}; the first delivery is of {first}.")
    remarks = []
    if known_on < day:
        remarks.append(f"{day} was not over on {known_on}: its own deliveries are left out.")
    if known_on >= last:
        remarks.append(f"The last delivery is of {last}: what was known on {known_on} is what is known now.")
    then, now = as_known(everything, day, known_on), as_known(everything, day, date.max)
    return _Request(day, known_on, then, now, tuple(remarks))


def _later_files(audit: Audit, request: _Request) -> dict[str, str]:
    """The file that brought each content which was not known yet, by content."""
    later = {(*content[:3], str(content[3])) for content in set(request.now.deliveries) - set(request.then.deliveries)}
    files: dict[str, str] = {}
    for row in audit.query("select * from deliveries where status = 'loaded' order by delivery_date, file_path"):
        if (row["platform"], row["dataset"], row["content_hash"], row["delivery_date"]) in later:
            files.setdefault(str(row["content_hash"]), str(row["file_path"]))
    return files


def _write(then: Build, means: Means, day: date, found: Difference, folder: Path) -> tuple[str, ...]:
    """The replay's catalogue with the difference in it, and its lists. Returns why a list could not be written."""
    catalogue = folder / "siyu.duckdb"
    publish_catalogue(then.finished_file, means.audit, catalogue)
    with duckdb.connect(str(catalogue)) as connection:
        connection.execute("create schema replay")
        for name, table in {"metrics": found.metrics, "customers": found.customers}.items():
            connection.register("found", table)
            connection.execute(f"create table replay.{name} as from found")
            connection.execute(f"comment on table replay.{name} is '{COMMENTS[name]}'")
            connection.unregister("found")
    lists = publish_audiences(then.finished_file, folder / "audiences", [day], means)
    return tuple(
        f"the list {one.campaign_id} was not written: {one.reason}" for one in lists if one.status == "blocked"
    )


def _install(draft: Path, folder: Path) -> None:
    """Shows a finished replay in place of an earlier one of the same dates, which stays beside until then."""
    replaced = folder.with_name(f"{REPLACED}{folder.name}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.rename(replaced)
    draft.rename(folder)
    shutil.rmtree(replaced, ignore_errors=True)


def _put_back(replays: Path) -> None:
    """What a killed replay had put aside is shown again, or goes where the new one is shown already."""
    for replaced in replays.glob(f"{REPLACED}*"):
        folder = replaced.with_name(replaced.name.removeprefix(REPLACED))
        if folder.exists():
            shutil.rmtree(replaced)
        else:
            replaced.rename(folder)

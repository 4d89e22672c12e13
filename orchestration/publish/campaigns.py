"""The campaign plan and the decisions of a day, as a manifest tells them.

Belongs here: reading both from the finished tables. Does not: the lists (`audiences.py`).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from orchestration.publish.databases import answer
from orchestration.publish.forbidden import Key
from orchestration.publish.means import Means
from orchestration.publish.refusals import Refusal, delivered_plans, refusals

DECISIONS = """
select campaign_id, as_of_date, suppressed_reason, arm, count(*)
from outputs.audience_decisions where as_of_date in (select unnest($days::date[]))
group by all order by all
"""
PARAMETERS = "select campaign_id, parameter, value_type, value from marts.campaign_parameters where value is not null"
OWN = ("campaign_id", "template", "channel", "start_date", "end_date")
OVER = "the campaign is over: whoever its destinations kept is removed"


@dataclass(frozen=True)
class Campaign:
    """A line of the campaign plan; a list whose campaign has left the plan has no template, channel or dates."""

    campaign_id: str
    template: str | None = None
    channel: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()

    def is_active(self, day: date) -> bool:
        return self.start_date is not None and self.end_date is not None and self.start_date <= day <= self.end_date

    def is_over(self, day: date) -> bool:
        """Also once it has left the plan."""
        return self.end_date is None or self.end_date < day

    def refusal(self, day: date) -> str | None:
        """What is wrong with its row of the plan on this day, and what to do."""
        return "; ".join(str(one) for one in self.refusals if one.first_date <= day <= one.last_date) or None

    def not_due(self, day: date, counts: dict[str, Any]) -> str | None:
        """Why there is no list of this day any more."""
        if self.template is None:
            return "campaign_left_plan"
        return None if self.is_active(day) or counts else "day_not_in_campaign"


def plan(connection: duckdb.DuckDBPyConnection, means: Means) -> Iterator[Campaign]:
    """With all that decided who is in: what the template reads, defaults included, typed where a field of campaigns has
    it, and what holds for every campaign."""
    refused = refusals(connection, delivered_plans(means.audit))
    read: dict[str, dict[str, Any]] = {}
    for name, parameter, value_type, value in connection.execute(PARAMETERS).fetchall():
        read.setdefault(name, {})[parameter] = json.loads(value) if value_type == "filter" else value
    names, lines = answer(connection, "select * exclude (parameters) from marts.campaigns")
    for values in lines:
        row = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        own = {name: row.pop(name, None) for name in OWN}
        parameters = read.get(own["campaign_id"], {}) | row | means.rules.settings
        yield Campaign(**own, parameters=parameters, refusals=tuple(refused.get(own["campaign_id"], ())))


def decisions(connection: duckdb.DuckDBPyConnection, days: Sequence[date]) -> dict[Key, dict[str, Any]]:
    """How many customers of each campaign and day are in each arm, or out for which reason."""
    found: dict[Key, dict[str, Any]] = {}
    rows = connection.execute(DECISIONS, {"days": list(days)}).fetchall()
    for campaign_id, day, suppressed_reason, arm, count in rows:
        counts = found.setdefault((campaign_id, day), {})
        group, name = ("suppressed", suppressed_reason) if suppressed_reason else ("arms", arm)
        counts.setdefault(group, {})[str(name)] = count
    return found


def explanation(counts: dict[str, Any], withdrawn: int, is_over: bool) -> str | None:
    """Why a list has nobody on it; nothing where it has."""
    arms, suppressed = counts.get("arms", {}), counts.get("suppressed", {})
    if arms.get("treatment", 0) > withdrawn:
        return None
    if not counts:
        return OVER if is_over else "no candidate: nobody met the campaign's conditions on this day"
    told = [f"{count} left out ({reason})" for reason, count in sorted(suppressed.items())]
    told += [f"{arms['control']} in the control group"] if arms.get("control") else []
    told += [f"{withdrawn} withdrew their consent since"] if withdrawn else []
    return f"candidates, and none to be written to: {', '.join(told)}"

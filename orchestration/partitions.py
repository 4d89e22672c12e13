"""The calendar of the house: one partition per business day, Asia/Shanghai.

Belongs here: which days exist, and which of them a run is about.
Does not: what happens on a day. A partition is the date of a delivery on the way in and the as-of date on the way out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg

TIMEZONE = "Asia/Shanghai"
DAILY = "daily"  # the job that runs a day
REPLACING = {"siyu/replace": "yes"}  # the tag of a run that may build days anew which other logic built
ONE_RUN = dg.BackfillPolicy.single_run()  # every asset has it: Dagster makes a range one run only if all do


@dataclass(frozen=True)
class Window:
    """The business days of one run, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=offset) for offset in range((self.last - self.first).days + 1)]

    @property
    def tags(self) -> dict[str, str]:
        """What makes Dagster run these days, and `window` find them again."""
        if self.first == self.last:
            return {"dagster/partition": self.first.isoformat()}
        return {
            "dagster/asset_partition_range_start": self.first.isoformat(),
            "dagster/asset_partition_range_end": self.last.isoformat(),
        }

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


def may_replace(tags: Mapping[str, str]) -> bool:
    """Whether whoever launched a run with these tags has seen what today's logic changes, and wants it."""
    return REPLACING.items() <= tags.items()


def window(tags: Mapping[str, str]) -> Window | None:
    """The days that a run with these tags is about; None where it is about unpartitioned assets alone."""
    day = tags.get("dagster/partition")
    first = tags.get("dagster/asset_partition_range_start", day)
    last = tags.get("dagster/asset_partition_range_end", day)
    return Window(date.fromisoformat(first), date.fromisoformat(last)) if first and last else None


def calendar(start: date, through: date | None = None) -> dg.DailyPartitionsDefinition:
    """Every day from `start` to today, or to `through` where that is later: data may be ahead of a machine's clock."""
    today = datetime.now(ZoneInfo(TIMEZONE)).date()
    days_ahead = max((through - today).days, 0) if through else 0
    return dg.DailyPartitionsDefinition(start_date=start.isoformat(), timezone=TIMEZONE, end_offset=days_ahead + 1)

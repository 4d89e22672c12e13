"""The business's rules that a delivery is checked by: which channel goes where, for which purpose, and the caps.

Belongs here: reading them, seeds and vars of the dbt project, as the models that decided the lists did. Does not: what
a destination accepts (`destinations.py`), and the check itself (`guard.py`).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from orchestration.publish.destinations import DESTINATIONS, MARKETING, Destination
from orchestration.settings import DBT_PROJECT


class ChannelError(ValueError):
    """A channel names a destination that nobody knows."""


@dataclass(frozen=True)
class Channel:
    """A way to people: the platform whose accounts it writes to (none: any), and what it takes to use it."""

    destination: str
    platform: str | None = None
    consent_purpose: str | None = MARKETING
    is_touch: bool = True

    @property
    def limits(self) -> Destination:
        return DESTINATIONS[self.destination]

    @property
    def purposes(self) -> list[str]:
        """Every purpose that needs a consent: the business's, and the one without which nobody may be sent there."""
        return sorted({purpose for purpose in (self.consent_purpose, self.limits.consent_purpose) if purpose})


# A channel that the list of channels does not have, or none: messages, and the list is all there is of it.
UNLISTED = Channel("report")


DECIDING = (
    "quiet_days_after_purchase",
    "rfm_window_days",
    "touch_cap_3d",
    "touch_cap_7d",
    "touch_cap_30d",
    "universal_holdout_ratio",
)


@dataclass(frozen=True)
class Rules:
    """The channels by name, and how many messages a person may have had in so many days; the settings by
    which the decisions about every campaign were made."""

    channels: Mapping[str, Channel]
    caps: Mapping[int, int]
    settings: dict[str, object] = field(default_factory=dict)

    def channel(self, name: str | None) -> Channel:
        return self.channels.get(name or "", UNLISTED)


def rules(project: Path = DBT_PROJECT) -> Rules:
    own = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    caps = {days: int(own[f"touch_cap_{days}d"]) for days in (3, 7, 30)}
    with (project / "seeds" / "channels.csv").open(encoding="utf-8", newline="") as file:
        channels = {row["channel"]: _channel(row) for row in csv.DictReader(file)}
    return Rules(channels, caps, {name: value for name, value in own.items() if name in DECIDING})


def _channel(row: Mapping[str, str]) -> Channel:
    if row["destination"] not in DESTINATIONS:
        raise ChannelError(
            f"seeds/channels.csv: channel '{row['channel']}' goes to '{row['destination']}', which is no destination. "
            f"Write one of {', '.join(DESTINATIONS)}."
        )
    return Channel(
        row["destination"], row["platform"] or None, row["consent_purpose"] or None, row["is_touch"] == "true"
    )

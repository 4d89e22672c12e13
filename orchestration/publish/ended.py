"""Campaigns that are over, and of which a destination still keeps people: they get one more list, of nobody.

Belongs here: which, and on which day. Does not: what such a list tells its destinations (`uploads.py`).
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path

from orchestration.publish.campaigns import Campaign
from orchestration.publish.channels import Rules
from orchestration.publish.forbidden import Key
from orchestration.publish.kept import kept, last_channels
from orchestration.publish.machine_files import BrokenFileError
from orchestration.publish.manifests import is_delivered


def to_empty(audiences: Path, plan: Mapping[str, Campaign], days: Collection[date], rules: Rules) -> Iterator[Key]:
    """The first of these days that comes after a campaign's end and after its last list, where somebody is kept."""
    for folder in sorted(folder for folder in audiences.iterdir() if folder.is_dir()):
        last = max((day.name for day in folder.glob("*-*-*") if is_delivered(day)), default="")
        campaign = plan.get(folder.name, Campaign(folder.name))
        over = [day for day in sorted(days) if campaign.is_over(day) and day.isoformat() > last]
        if last and over and _is_anybody_kept(folder, over[0], rules):
            yield folder.name, over[0]


def _is_anybody_kept(campaign_folder: Path, day: date, rules: Rules) -> bool:
    """Also where the files of an earlier list cannot be read: whoever publishes says so."""
    told = [one for one in last_channels(campaign_folder, day) if rules.channel(one["channel"]).limits.has_delta]
    try:
        found = [kept(campaign_folder, day, one) for one in told]
    except BrokenFileError:
        return True
    return any(ids for one in found if one for ids in one.ids.values())

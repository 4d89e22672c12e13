"""The health part of a day's page: its sections in their order, and what is said first.

Belongs here: which topics there are, which days are drawn, which sentences lead. Does not: the topics themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.publish.catalogue import PublishedTable
from orchestration.publish.health import (
    audiences,
    campaigns,
    coverage,
    domain,
    fast,
    flows,
    influencers,
    members,
    reconciliation,
    rfm,
    sales,
)
from orchestration.publish.health.blocks import Section, Words
from orchestration.publish.health.topics import read_topics

TOPICS = tuple(
    topic.TOPIC
    for topic in (
        sales,
        fast,
        flows,
        domain,
        members,
        rfm,
        influencers,
        campaigns,
        audiences,
        reconciliation,
        coverage,
    )
)

# Charts are most of what a page costs, and who backfills a year looks at its last month: older days of a run have
# everything but the charts. A day that is run again by itself has them.
DRAWN_DAYS = 31
SENTENCES = 5
LEADING = ("sales", "fast", "rfm", "members", "audiences")  # whose sentences fill the top where nothing needs a look


@dataclass(frozen=True)
class Sentence:
    """A line at the top that leads to its section."""

    key: str
    words: Words
    is_alert: bool


@dataclass(frozen=True)
class Health:
    """What a page says of the brand. Without a headline nothing is published yet."""

    headline: Words | None
    sentences: Sequence[Sentence]
    sections: Sequence[Section]


def read_health(catalogue: Path | None, tables: Sequence[PublishedTable], days: Sequence[date]) -> dict[date, Health]:
    """By day, from the catalogue as it is published."""
    held = frozenset(table.full_name for table in tables if table.is_held)
    drawn = frozenset(sorted(days, reverse=True)[:DRAWN_DAYS])
    sections = read_topics(catalogue, TOPICS, days, drawn, held)
    return {day: Health(_headline(sections[day]), _sentences(sections[day]), sections[day]) for day in days}


def _headline(sections: Sequence[Section]) -> Words | None:
    parts = [section.headline for section in sections if section.headline]
    return Words("; ".join(part.en for part in parts), "；".join(part.zh for part in parts)) if parts else None


def _sentences(sections: Sequence[Section]) -> list[Sentence]:
    """What to look at first, then what else there is to know, one sentence a section."""
    alerts = [Sentence(section.key, section.alert, True) for section in sections if section.alert]
    quiet = [Sentence(one.key, one.summary, False) for one in sections if one.summary and not one.alert]
    leading = sorted((one for one in quiet if one.key in LEADING), key=lambda one: LEADING.index(one.key))
    return [*alerts, *leading][:SENTENCES]

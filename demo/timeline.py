"""Time of the simulated brand: seconds of Beijing wall-clock time, the busy days, the random streams.

No file and no business object belongs here. A moment that never comes is `NEVER`, which compares
as later than every cut-off, so "has it happened by the end of day D" is one `<`.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from demo.columns import Array

NEVER = 1 << 62
MINUTE, HOUR, DAY = 60, 3_600, 86_400

# (month, day) -> how many times an ordinary day's demand
PROMOTIONS = {
    (11, 8): 2,
    (11, 9): 2,
    (11, 10): 4,
    (11, 11): 7,
    (12, 12): 2,
    (3, 8): 2,
    (6, 16): 2,
    (6, 17): 4,
    (6, 18): 7,
}
WEEKDAYS = (0.92, 0.9, 0.94, 0.96, 1.02, 1.18, 1.14)
HOURS = (2, 1, 1, 1, 1, 1, 2, 3, 4, 6, 7, 7, 7, 6, 6, 6, 6, 7, 8, 10, 12, 12, 9, 5)


def generator(seed: int, concern: str) -> np.random.Generator:
    """One independent random stream per concern, so that changing one leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(concern.encode())])


def seconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY


@dataclass(frozen=True)
class Calendar:
    first_day: date
    days: int

    @property
    def last_day(self) -> date:
        return self.first_day + timedelta(days=self.days - 1)

    @property
    def opens(self) -> int:
        return seconds(self.first_day)

    @property
    def closes(self) -> int:
        return self.opens + self.days * DAY

    def __iter__(self) -> Iterator[date]:
        return (self.first_day + timedelta(days=i) for i in range(self.days))

    def demand(self) -> Array:
        """Cumulative demand at the start of each day (and at the end of the last), one unit per average day."""
        weights = [WEEKDAYS[d.weekday()] * PROMOTIONS.get((d.month, d.day), 1) for d in self]
        trend = np.linspace(0.9, 1.1, self.days)
        cumulative = np.concatenate([[0.0], np.cumsum(np.array(weights) * trend)])
        return cumulative * (self.days / cumulative[-1])

    def moment_of(self, demand: Array) -> Array:
        """The second at which cumulative demand reaches the value: busy days and evenings get more of them."""
        position = np.clip(np.interp(demand, self.demand(), np.arange(self.days + 1.0)), 0, self.days - 1e-9)
        day = np.floor(position)
        hours = np.concatenate([[0.0], np.cumsum(HOURS)]) / sum(HOURS)
        second = np.interp(position - day, hours, np.arange(25.0) * HOUR).astype(np.int64)
        return self.opens + day.astype(np.int64) * DAY + np.minimum(second, DAY - 1)

    def is_promotion(self, moments: Array) -> Array:
        busy = np.array([(d.month, d.day) in PROMOTIONS for d in self])
        return busy[(moments - self.opens) // DAY]

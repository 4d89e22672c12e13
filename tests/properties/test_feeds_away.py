"""A feed that nobody delivers makes no figure zero: what needs it is unknown."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.properties.every_template import brand
from tests.properties.histories import History, Step, side_by_side
from tests.properties.installation import SteppedInstallation

pytestmark = pytest.mark.long

# As the metrics' own YAML calls them, and the exports that tell of them.
FEEDS = {
    "orders": {"generic/order_lines"},
    "refunds": {"generic/refunds"},
    "members": {"generic/members", "pos/members"},
    "touches": {"generic/touches"},
    "events": {"generic/events"},
    "points": {"generic/points"},
    "influencers": {"generic/influencers"},
    "wecom customers": {"wecom/customers"},
}
# Each costs a build, so that feeds which no figure needs both of are away at once.
AWAY = [("orders",), ("refunds", "touches", "wecom customers"), ("members",), ("events", "points", "influencers")]
METRICS = """
select tables.table_schema || '.' || tables.table_name, metrics.column_name, string_split(metrics.feeds, ', ')
from outputs.kpi__metrics as metrics
inner join information_schema.tables as tables on metrics.table_name = tables.table_name
where metrics.column_name is not null and tables.table_schema in ('marts', 'outputs')
"""
# Zero of what other feeds tell: of fields that nobody could enter there is no share.
ZERO = {"outputs.kpi__field_daily.entry_ratio"}


def figures(installation: SteppedInstallation, away: set[str]) -> Iterator[tuple[str, list[str], set[float]]]:
    """Every metric of the brand without these exports: its table and column, its feeds, its values."""
    whole = brand()
    left = Step({file: rows for file, rows in whole.changes.items() if file.dataset not in away}, whole.asked)
    installation.tables_after(side_by_side([History("a brand", (left,))]))
    with duckdb.connect(str(installation.settings.finished_file), read_only=True) as connection:
        for table, column, feeds in connection.execute(METRICS).fetchall():
            found = connection.execute(f"select distinct {column} from {table} where {column} is not null").fetchall()
            yield f"{table}.{column}", feeds, {value for (value,) in found}


@pytest.fixture(scope="module")
def told(installation) -> set[str]:
    """The metrics that are not always zero where everything is delivered."""
    return {name for name, _, values in figures(installation, set()) if values - {0}} - ZERO


@pytest.mark.parametrize("feeds_away", AWAY, ids=" ".join)
def test_what_feeds_would_have_told_is_not_zero_without_them(feeds_away, installation, told):
    away = set().union(*(FEEDS[feed] for feed in feeds_away))
    needing = {name: values for name, feeds, values in figures(installation, away) if set(feeds) & set(feeds_away)}
    assert needing
    assert [name for name, values in needing.items() if values == {0} and name in told] == []

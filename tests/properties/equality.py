"""Whether two installations hold the same: table by table, row by row.

Belongs here: the comparison and its report, and which of several histories is to blame.
Does not: running anything but what it is given.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from tests.properties.histories import History, Step, beginnings, inbox_at_the_end, side_by_side
from tests.properties.installation import SteppedInstallation, Tables

SHOWN = 5


def differences(stepwise: Tables, rebuilt: Tables) -> list[str]:
    """One paragraph per table that is not the same in both, with the rows that only one side has."""
    return [
        "\n".join([table, *_only("after the steps", mine - theirs), *_only("in the rebuild", theirs - mine)])
        for table in sorted(stepwise.keys() | rebuilt.keys())
        if (mine := Counter(stepwise.get(table))) != (theirs := Counter(rebuilt.get(table)))
    ]


def disagreement(installation: SteppedInstallation, histories: Sequence[History]) -> list[str]:
    """What differs between the histories, run side by side step by step, and one build of the inbox they end with."""
    steps = side_by_side(histories)
    return differences(installation.tables_after(steps), rebuilt(installation, steps))


def rebuilt(installation: SteppedInstallation, steps: Sequence[Step]) -> Tables:
    """The inbox as it is after the steps, built once."""
    days = tuple(sorted({day for step in steps for day in step.days}))
    tables = installation.tables_after([Step(inbox_at_the_end(steps), days)])
    assert len(tables) > 20, sorted(tables)
    return tables


def one_to_blame(disagree: Callable[[Sequence[History]], list[str]], histories: Sequence[History]) -> Sequence[History]:
    """The smallest half of a half of the histories that still disagrees; mostly a single one."""
    middle = len(histories) // 2
    for half in (histories[:middle], histories[middle:]):
        if middle and disagree(half):
            return one_to_blame(disagree, half)
    return histories


def assert_incremental_equals_rebuild(installation: SteppedInstallation, histories: Sequence[History]) -> None:
    """After each step of each of the histories."""
    shown = [beginning for history in histories for beginning in beginnings(history)]

    def disagree(some: Sequence[History]) -> list[str]:
        return disagreement(installation, some)

    if found := disagree(shown):
        blamed = one_to_blame(disagree, shown)
        found = disagree(blamed) if len(blamed) < len(shown) else found
        raise AssertionError("\n\n".join(["The tables differ:", *found, *map(str, blamed)]))


def _only(where: str, rows: "Counter[str]") -> list[str]:
    listed = sorted(rows.elements())
    return [f"  only {where}, {len(listed)} rows:" * bool(listed), *(f"    {row}" for row in listed[:SHOWN])]

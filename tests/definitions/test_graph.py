"""The graph as it stands in `graph.txt`: every asset with its group, what it reads, and its checks at the borders.

After a change that is meant: `python tests/definitions/test_graph.py > tests/definitions/graph.txt`.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg

SNAPSHOT = Path(__file__).with_name("graph.txt")
BORDERS = ("raw", "outputs")


def drawn(definitions: dg.Definitions) -> str:
    """One line per asset: key, group, what it reads; below it, the checks that guard it at a border."""
    graph = definitions.resolve_asset_graph()
    lines = []
    for key in sorted(graph.get_all_asset_keys()):
        node = graph.get(key)
        reads = " ".join(sorted(parent.to_user_string() for parent in node.parent_keys))
        lines.append(f"{key.to_user_string()} [{node.group_name}]{' < ' + reads if reads else ''}")
    gates = [key for gate in definitions.asset_checks or [] for key in gate.check_keys]
    lines += sorted(f"{key.asset_key.to_user_string()}:{key.name}" for key in gates)
    return "\n".join(lines) + "\n"


def test_the_graph_is_the_one_that_was_agreed(definitions: dg.Definitions) -> None:
    assert drawn(definitions) == SNAPSHOT.read_text(), (
        f"If the change is meant: python {Path(__file__).name} > graph.txt"
    )


if __name__ == "__main__":
    from orchestration.definitions import build_definitions
    from orchestration.settings import Settings

    with TemporaryDirectory() as home:
        print(drawn(build_definitions(Settings(home=Path(home)))), end="")

"""What is given to assets: the installation they work in.

Belongs here: objects injected by name. Does not: any work. Paths are decided in `settings.py`; dbt gets its own
environment in `transform/arguments.py`.
"""

from typing import Any

from orchestration.settings import Settings


def resources(settings: Settings) -> dict[str, Any]:
    """`installation`: its inbox, lake, warehouse, audit book and published files."""
    return {"installation": settings}

"""Puts a bundle into Superset, over what an earlier one put there: `python bi/superset/install.py BUNDLE.zip`, by the
Python of Superset.

Superset's own `import-dashboards` leaves charts, datasets and databases that exist as they are. Belongs here: no more.
"""

import sys
from zipfile import ZipFile

from superset.app import create_app


def install(bundle: str) -> None:
    """All of it, or nothing."""
    from superset import security_manager  # noqa: PLC0415 — these need the app
    from superset.commands.importers.v1.assets import ImportAssetsCommand  # noqa: PLC0415
    from superset.commands.importers.v1.utils import get_contents_from_bundle  # noqa: PLC0415
    from superset.utils.core import override_user  # noqa: PLC0415

    with ZipFile(bundle) as file, override_user(security_manager.find_user("admin")):
        ImportAssetsCommand(get_contents_from_bundle(file)).run()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with create_app().app_context():
        install(sys.argv[1])

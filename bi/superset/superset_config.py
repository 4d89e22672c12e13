"""Settings of a Superset that reads the catalogue; it finds them by SUPERSET_CONFIG_PATH.

Belongs here: what a Superset of one's own needs and nobody outside may know. Does not: dashboards.
"""

import os
from pathlib import Path

HOME = Path(os.environ["SUPERSET_HOME"])
SECRET_KEY = (HOME / "secret_key").read_text().strip()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME}/superset.db"  # users and dashboards; none of the brand's data

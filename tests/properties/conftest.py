"""An installation that is emptied and used again by every history of a module."""

import pytest

from tests.properties.installation import SteppedInstallation


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> SteppedInstallation:
    return SteppedInstallation(tmp_path_factory.mktemp("stepped") / "home")

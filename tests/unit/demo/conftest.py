"""The small brands, written once for all tests."""

import pytest

from tests.unit.demo.written import SIZES, Written, write


@pytest.fixture(scope="session", params=list(SIZES))
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(tmp_path_factory.mktemp(request.param), request.param)

from collections.abc import Generator

import pytest

from tests.sandbox.simulated_cloud import SimulatedCloud, simulated_cloud


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Generator[SimulatedCloud]:
    with simulated_cloud(tmp_path_factory.mktemp("cloud") / "inventory.sqlite") as found:
        yield found

import pytest

from tests.unit.sagemaker.recorded import Run, changed, sandbox, stack


@pytest.fixture(scope="session")
def prod_shaped() -> Run:
    return stack(sandbox())


@pytest.fixture(scope="session")
def without_network() -> Run:
    return stack(changed("sagemaker", network=None, artifact_expiry_days=30))


@pytest.fixture(scope="session")
def protected() -> Run:
    return stack(changed("protection", deletion=True))

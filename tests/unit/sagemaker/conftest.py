import pytest

from tests.unit.sagemaker.given_identity import sagemaker
from tests.unit.stack_mocks import Run


@pytest.fixture(scope="session")
def prod_shaped() -> Run:
    return sagemaker()


@pytest.fixture(scope="session")
def without_network() -> Run:
    return sagemaker(sagemaker__network=None, sagemaker__artifact_expiry_days=30)


@pytest.fixture(scope="session")
def protected() -> Run:
    return sagemaker(protection__deletion=True)

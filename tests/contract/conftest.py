"""The faults of durable-rules are pinned as measured on one platform; on any other, a difference is reported, not failed."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest


def pytest_configure(config: pytest.Config):
    config.addinivalue_line("markers", "measured: pins a fault of durable-rules as it was measured on one platform")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    try:
        return (yield)
    except Exception as error:
        from tests.contract.core import HERE, MEASURED  # noqa: PLC0415 - only where durable-rules is installed

        if HERE == MEASURED or not pyfuncitem.get_closest_marker("measured"):
            raise
        pytest.xfail(f"differs here: {error}")


@pytest.fixture
def rulesets() -> Iterator[list]:
    """Rulesets to be given back: the state before the ruleset."""
    several: list = []
    yield several
    for one in several:
        one.forget()
        one.close()

"""One server for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.core.server.running import Server, programs, started


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if not programs():
        pytest.skip("no PostgreSQL server on this machine; type: sudo apt-get install postgresql")
    with started() as running:
        yield running

"""Places made once and copied for every course of events."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.sync_machine.copies import prepare


@pytest.fixture(scope="session")
def prepared_places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder)
    return folder

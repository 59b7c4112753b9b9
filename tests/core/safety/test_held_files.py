"""A virus scanner that holds a file for a moment costs a moment; one that never lets go is named; nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from villagedesk import durable
from villagedesk.errors import Unavailable


@pytest.fixture
def held(monkeypatch):
    """Renaming fails so many times, as Windows says it."""
    tries = []

    def hold(times, winerror=32):
        really = Path.replace

        def replace(self, target):
            tries.append(target)
            if len(tries) <= times:
                error = PermissionError(13, "held")
                error.winerror = winerror
                raise error
            return really(self, target)

        monkeypatch.setattr(Path, "replace", replace)
        return tries

    return hold


def test_a_file_held_for_a_moment_is_waited_for(tmp_path, held):
    (tmp_path / "f").write_bytes(b"old")
    tries = held(3)
    durable.write_whole(tmp_path / "f", [b"new"])
    assert (tmp_path / "f").read_bytes() == b"new"
    assert len(tries) == 4


@pytest.mark.parametrize("winerror", [32, None])
def test_a_file_that_is_not_let_go_stays_as_it_was(tmp_path, held, monkeypatch, winerror):
    monkeypatch.setattr(durable, "_PATIENCE", 0.1)
    (tmp_path / "f").write_bytes(b"old")
    held(10_000, winerror)
    with pytest.raises(Unavailable):
        durable.write_whole(tmp_path / "f", [b"new"])
    assert (tmp_path / "f").read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["f"]
